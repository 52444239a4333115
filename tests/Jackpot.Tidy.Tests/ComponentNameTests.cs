namespace Jackpot.Tidy.Tests;

/// <summary>A Dapr component's name stands in one file of application code, so that exchanging it is one edit.</summary>
public sealed class ComponentNameTests
{
    static readonly string[] Applications = ["services/Jackpot.Shard", "services/Jackpot.Widgets", "services/Jackpot.Backoffice", "services/Jackpot.Providers", "gateway/Jackpot.Gateway"];

    [Theory]
    [InlineData("statestore")]
    [InlineData("pubsub")]
    [InlineData("secrets")]
    public void A_component_name_is_written_in_at_most_one_file(string component)
    {
        var files = Applications.SelectMany(project => SourceTree.Files("*.cs", project))
            .Where(file => File.ReadAllText(file).Contains($"\"{component}\"", StringComparison.Ordinal)).Select(SourceTree.Relative).ToArray();
        Assert.True(files.Length <= 1, $"\"{component}\" stands in {string.Join(", ", files)}");
    }

    [Fact]
    public void The_application_names_its_broker_somewhere() =>
        Assert.Contains(SourceTree.Files("*.cs", "services/Jackpot.Shard"), file => File.ReadAllText(file).Contains("\"pubsub\"", StringComparison.Ordinal));
}
