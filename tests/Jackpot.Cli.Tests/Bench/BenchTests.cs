using System.Text.Json.Nodes;
using Jackpot.LocalProcesses.Paths;
using Jackpot.LocalProcesses.Programs;
using Jackpot.TestKit;

namespace Jackpot.Cli.Tests.Bench;

/// <summary>The benchmark works from end to end. Its figures are not looked at: that is what the benchmark itself is for.</summary>
public sealed class BenchTests
{
    const int MeasuresCount = 35;

    /// <summary>What nothing measures yet, and what a machine may lack the tool for.</summary>
    static readonly string[] MayBeMissing =
    [
        "P18", "P21d", "P21e", .. Needs.Has(NeededProgram.Redis) ? Array.Empty<string>() : ["P7", "P22c"], .. Needs.Has(NeededProgram.RabbitMq) ? Array.Empty<string>() : ["P22b"], .. ProgramPath.Find("gcc") is null ? (string[])["P4"] : [],
    ];

    [Fact]
    public async Task A_quick_run_takes_every_measure_and_keeps_the_money_equation()
    {
        var results = Path.Combine(Path.GetTempPath(), $"jackpot-results-{Guid.NewGuid():N}.json");
        await using var bench = Start("--quick", "--slow-flush", "--grow", "--grow-rows", "2000", "--results", results);

        Assert.True(await bench.ExitAsync(TimeSpan.FromMinutes(8)) == 0, bench.Output);

        var measured = JsonNode.Parse(await File.ReadAllTextAsync(results, TestContext.Current.CancellationToken))!["results"]!.AsArray();
        Assert.Equal(MeasuresCount, measured.Count);
        foreach (var measure in measured)
        {
            Assert.True(measure!["value"] is not null || MayBeMissing.Contains((string?)measure["id"]), measure.ToJsonString());
        }
        var single = measured.Single(measure => (string?)measure!["id"] == "P1")!;
        Assert.Equal("single", (string?)single["name"]);
        Assert.Equal("naive", (string?)single["baseline"]);
        Assert.True((double?)single["per_second"] > 0 && (double?)single["ratio"] > 0 && single["pass"] is not null && single["stretch"] is not null, single.ToJsonString());
        File.Delete(results);
    }

    [Fact]
    public async Task Rows_that_do_not_fit_on_the_disk_are_refused_before_anything_is_measured()
    {
        await using var bench = Start("--quick", "--only", "P13", "--grow-rows", "2000000000");

        Assert.Equal(1, await bench.ExitAsync(TimeSpan.FromMinutes(2)));

        Assert.Contains("GB are free there. Make room, or ask for fewer with --grow-rows.", bench.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warming up", bench.Output, StringComparison.Ordinal);
    }

    static ChildProcess Start(params string[] options)
    {
        Needs.Program(NeededProgram.PostgreSql);
        return ChildProcess.StartDotnet(
            RepositoryFolder.BuiltDll("services/Jackpot.Cli"), ["bench", "--no-build", "--configuration", RepositoryFolder.Configuration, .. options]);
    }
}
