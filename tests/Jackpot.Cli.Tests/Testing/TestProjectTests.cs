using Jackpot.Cli.Testing;
using Jackpot.TestKit;

namespace Jackpot.Cli.Tests.Testing;

public sealed class TestProjectTests
{
    /// <summary>Whoever runs only the others waits for no Docker engine.</summary>
    [Fact]
    public void An_engine_is_started_for_the_projects_with_tests_that_ask_for_containers() => Assert.Equal(
        ["Jackpot.Cli.Tests", "Jackpot.LocalDapr.Tests", "Jackpot.Shard.Tests"],
        TestProject.Find(RepositoryFolder.Root, "Release", null).Where(project => project.AsksForContainers).Select(project => project.Name).Order(StringComparer.Ordinal));
}
