namespace Jackpot.Tidy.Tests;

/// <summary>A Dapr component's name stands in one file of application code, so that exchanging it is one edit.</summary>
public sealed class ComponentNameTests
{
    /// <summary>What is no application that Dapr's components serve: the runtime itself, and what starts or measures it. Every other project is looked at.</summary>
    static readonly string[] NoApplications = ["services/Jackpot.LocalDapr", "services/Jackpot.LocalProcesses", "services/Jackpot.Cli", "services/Jackpot.Bench"];

    static IEnumerable<string> Applications => SourceTree.Files("*.csproj", "services").Concat(SourceTree.Files("*.csproj", "gateway"))
        .Select(project => Path.GetDirectoryName(SourceTree.Relative(project))!).Except(NoApplications);

    [Theory]
    [InlineData("statestore")]
    [InlineData("events")]
    [InlineData("bets")]
    [InlineData("network")]
    [InlineData("secrets")]
    public void A_component_name_is_written_in_at_most_one_file(string component)
    {
        var files = Applications.SelectMany(project => SourceTree.Files("*.cs", project))
            .Where(file => File.ReadLines(file).Any(line => line.Contains($"\"{component}\"", StringComparison.Ordinal) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            .Select(SourceTree.Relative).ToArray();
        Assert.True(files.Length <= 1, $"\"{component}\" stands in {string.Join(", ", files)}");
    }

    [Fact]
    public void The_projects_that_are_no_applications_exist() => Assert.All(NoApplications, project => Assert.NotEmpty(SourceTree.Files("*.csproj", project)));

    [Fact]
    public void The_application_names_its_brokers_somewhere() =>
        Assert.All((string[])["events", "bets"], name => Assert.Contains(
            SourceTree.Files("*.cs", "services/Jackpot.Contracts"), file => File.ReadAllText(file).Contains($"\"{name}\"", StringComparison.Ordinal)));
}
