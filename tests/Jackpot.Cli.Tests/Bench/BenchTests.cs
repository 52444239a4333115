using System.Text.Json.Nodes;
using Jackpot.TestKit;

namespace Jackpot.Cli.Tests.Bench;

/// <summary>The benchmark works from end to end. Its figures are not looked at: that is what the benchmark itself is for.</summary>
public sealed class BenchTests
{
    [Fact]
    public async Task A_quick_run_measures_its_baselines_and_keeps_the_money_equation()
    {
        var results = Path.Combine(Path.GetTempPath(), $"jackpot-results-{Guid.NewGuid():N}.json");
        await using var bench = ChildProcess.StartDotnet(
            RepositoryFolder.BuiltDll("services/Jackpot.Cli"),
            ["bench", "--quick", "--only", "P5,P6", "--no-build", "--configuration", RepositoryFolder.Configuration, "--results", results]);

        Assert.True(await bench.ExitAsync(TimeSpan.FromMinutes(4)) == 0, bench.Output);

        var measured = JsonNode.Parse(await File.ReadAllTextAsync(results, TestContext.Current.CancellationToken))!["results"]!.AsArray();
        foreach (var id in (string[])["P1", "P2", "P3", "P5", "P6", "P14", "P15"])
        {
            Assert.True((double?)measured.Single(measure => (string?)measure!["id"] == id)!["value"] > 0, id);
        }
        File.Delete(results);
    }
}
