using System.Text.Json.Nodes;
using Jackpot.Cli.Simulation;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Amounts;
using Jackpot.Core.Pools;
using Jackpot.Core.Simulation;
using Jackpot.Core.Validation;
using Jackpot.TestKit;

namespace Jackpot.Cli.Tests.Simulation;

public sealed class SimulateTests
{
    const string QuickPot = "regions/eu-mt/jackpots/quick-pot.json";

    const string EveryKind = """
        {
          "jackpot_id": "every-kind", "name": "Every Kind", "shard": "eu-mt-1", "currency": "EUR", "tenants": ["brand-42"],
          "pools": [
            { "pool_id": "random", "contribution_ppm": 10000, "reserve_ppm": 10000, "seed": 20.00, "trigger": { "kind": "random", "turnover_per_drop": 2000.00 } },
            { "pool_id": "sharing", "contribution_ppm": 10000, "reserve_ppm": 0, "seed": 20.00, "seed_share_ppm": 500000, "trigger": { "kind": "random", "turnover_per_drop": 2000.00 } },
            { "pool_id": "amount", "contribution_ppm": 10000, "reserve_ppm": 0, "seed": 10.00, "trigger": { "kind": "must_drop_by_amount", "min": 20.00, "max": 40.00 } },
            { "pool_id": "time", "contribution_ppm": 10000, "reserve_ppm": 0, "seed": 20.00, "trigger": { "kind": "must_drop_by_time", "schedule": { "every": "hour", "time_zone": "Europe/Malta", "minute": 0 }, "when_nobody_plays": "rolls_over" } },
            { "pool_id": "external", "contribution_ppm": 10000, "reserve_ppm": 0, "seed": 20.00, "trigger": { "kind": "external" } },
            { "pool_id": "raffle", "contribution_ppm": 10000, "reserve_ppm": 0, "seed": 20.00, "trigger": { "kind": "raffle", "ticket_price": 1.00, "winners": 3 } }
          ]
        }
        """;

    [Fact]
    public async Task The_example_of_the_documentation_is_what_the_command_prints()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Root, "docs", "simulate.md"), TestContext.Current.CancellationToken);
        const string Prompt = "    $ ./jackpot simulate ";
        var example = page[page.IndexOf(Prompt, StringComparison.Ordinal)..].Split("\n* ")[0].TrimEnd().Split('\n');
        var arguments = example[0][Prompt.Length..].Split(' ');

        var sheet = await SheetAsync(File.ReadAllText(Path.Combine(RepositoryFolder.Root, arguments[0])), arguments[1..]);

        var printed = TextReport.Of(sheet).TrimEnd().Split('\n').Select(line => $"    {line}".TrimEnd());
        Assert.Equal(printed, example[1..].Select(line => line.TrimEnd()));
    }

    [Fact]
    public async Task Every_kind_of_trigger_has_every_figure_and_says_how_it_came_about()
    {
        var sheet = await SheetAsync(EveryKind, "--bets", "400000", "--seed", "3", "--hours-per-call", "2", "--base-rtp", "90");
        var how = sheet.Pools.ToDictionary(pool => pool.Pool.Id.Value, pool => pool.Figures[0].How);
        Assert.Equal([How.Exact, How.Simulated, How.Exact, How.Simulated, How.Simulated, How.Simulated], how.Values);
        var names = sheet.Pools[0].Figures.Select(figure => figure.Name).ToList();
        Assert.Equal(names.Distinct(), names);
        foreach (var pool in sheet.Pools)
        {
            Assert.Equal(names, pool.Figures.Select(figure => figure.Name));
            Assert.All(pool.Figures, figure => Assert.True(figure.How == How.None ? figure.Note is not null : figure.Value >= 0, figure.ToString()));
            Assert.Equal(pool.DropCount, pool.Histogram.Sum(step => step.Count));
        }

        Assert.Equal(How.Simulated, sheet.Figures[0].How);
        Assert.Equal(sheet.Pools.Sum(pool => pool.Figures[0].Value), sheet.Figures[0].Value);
        Assert.Equal(sheet.Figures[0].Value!.Value + 0.9, sheet.Figures[1].Value!.Value, 1e-12);
    }

    [Fact]
    public async Task A_simulated_figure_lies_within_its_error_of_what_must_come_out()
    {
        var sheet = await SheetAsync(EveryKind, "--bets", "4000000", "--seed", "4", "--hours-per-call", "2", "--stake", "1.00:3,5.00:1");

        // An hour's pool is seeded once in an hour of 3,600 bets of 2.00, a called one every second hour.
        Near(20.0 / 7_200, Figure(sheet, "time", "seed_cost"));
        Near(0.01 + 20.0 / 7_200, Figure(sheet, "time", "return_to_player"));
        Near(1, Figure(sheet, "time", "hours_to_drop"));
        Near(20.0 / 14_400, Figure(sheet, "external", "seed_cost"));
        Near(0.01 + 20.0 / 14_400, Figure(sheet, "raffle", "return_to_player"));
        Near(2, Figure(sheet, "raffle", "hours_to_drop"));

        // A tier that shares half of an award is worth more than one that does not, and the parts add up.
        var (share, plain) = (Figure(sheet, "sharing", "return_to_player"), Figure(sheet, "random", "return_to_player"));
        Assert.True(share.Value > plain.Value + 3 * share.StandardError);
        Near(0.01 + Figure(sheet, "sharing", "seed_cost").Value!.Value, share);
    }

    [Fact]
    public async Task Figures_do_not_depend_on_how_many_cores_play()
    {
        var config = JackpotDefinition.Parse(EveryKind).ToConfig();
        var options = Options("--bets", "100003", "--runs", "5", "--seed", "5");
        var (reports, _) = await new ParallelRuns(config, options).PlayAsync(TestContext.Current.CancellationToken);
        var bits = new SeededBits(5, 4);
        var alone = Simulator.Run(new SimulationPlan(config, options.Traffic, 20_000) { BetsPerCall = 24 * 3_600 }, bits.Next);
        Assert.Equal(100_003, reports.Sum(report => report.Bets));
        Assert.Equal(alone.Pools.Select(pool => pool.AwardedMicros), reports[4].Pools.Select(pool => pool.AwardedMicros));
        Assert.NotEqual(reports[3].Pools[0].Drops, reports[4].Pools[0].Drops);
    }

    [Fact]
    public async Task Withheld_tiers_and_pools_that_never_drop_are_not_told_as_exact()
    {
        var limited = await SheetAsync(EveryKind.Replace("\"currency\"", "\"tiers_per_bet_max\": 1, \"currency\"", StringComparison.Ordinal), "--bets", "100000", "--runs", "4", "--hours-per-call", "1", "--seed", "6");
        Assert.All(limited.Pools, pool => Assert.Equal(How.Simulated, pool.Figures[0].How));

        var never = await SheetAsync(EveryKind, "--bets", "1000", "--runs", "1", "--seed", "6");
        var external = Figure(never, "external", "return_to_player");
        Assert.Equal((How.None, "it did not drop; simulate more bets"), (external.How, external.Note));
        Assert.Equal(How.None, never.Figures[0].How);
    }

    [Fact]
    public async Task Data_reports_hold_every_figure()
    {
        var sheet = await SheetAsync(EveryKind, "--bets", "50000", "--seed", "7");
        var json = JsonNode.Parse(DataReport.Json(sheet))!;
        Assert.Equal(7, (int)json["seed"]!);
        var random = json["pools"]!.AsArray().Single(pool => (string)pool!["pool_id"]! == "random")!;
        Assert.Equal((0.02, "exact"), ((double)random["figures"]!["return_to_player"]!["value"]!, (string)random["figures"]!["return_to_player"]!["how"]!));
        Assert.True((double)random["figures"]!["reserve_ruin"]!["standard_error"]! >= 0);

        var csv = DataReport.Csv(sheet).TrimEnd().Split('\n');
        Assert.Equal(1 + sheet.Figures.Count + sheet.Pools.Sum(pool => pool.Figures.Count), csv.Length);
        Assert.All(csv, line => Assert.Equal(5, line.Count(letter => letter == ',')));
        Assert.Contains("random,return_to_player,0.02,stake_share,exact,", csv);
    }

    [Fact]
    public async Task Every_fault_of_a_definition_is_told_at_once()
    {
        var file = await WriteAsync(EveryKind.Replace("\"turnover_per_drop\": 2000.00", "\"turnover_per_drop\": 0", StringComparison.Ordinal).Replace("\"winners\": 3", "\"winners\": 0", StringComparison.Ordinal));
        var refusal = Assert.Throws<CommandException>(() => JackpotFile.Read(file));
        Assert.Equal((ExitCodes.Failed, 4), (refusal.ExitCode, refusal.Message.Split('\n').Length));
        Assert.Contains("pool 'sharing': The turnover per drop", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("pool 'raffle': The raffle has 0 winners", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, Assert.Throws<CommandException>(() => JackpotFile.Read(file + "-missing")).ExitCode);
        File.Delete(file);
    }

    [Theory]
    [InlineData()]
    [InlineData("--bets", "5")]
    [InlineData(QuickPot, "--bets", "0")]
    [InlineData(QuickPot, "--stake", "1.00:0")]
    [InlineData(QuickPot, "--stake", "0.00")]
    [InlineData(QuickPot, "--stake", "1.00:1:1")]
    [InlineData(QuickPot, "--stake", "")]
    [InlineData(QuickPot, "--base-rtp", "0.945")]
    [InlineData(QuickPot, "--base-rtp", "101")]
    [InlineData(QuickPot, "--base-rtp", "94.51234")]
    [InlineData(QuickPot, "--json", "--csv")]
    [InlineData(QuickPot, "--unknown")]
    public void What_cannot_be_understood_is_wrong_usage(params string[] args) =>
        Assert.Equal(ExitCodes.Usage, Assert.Throws<CommandException>(() => SimulateOptions.Parse(args)).ExitCode);

    [Fact]
    public void A_mix_of_bets_is_read_with_its_weights()
    {
        var options = Options("--stake", "0.50:70,2.00:25,10:5", "--base-rtp", "94.5");
        Assert.Equal([new StakeSize(500_000, 70), new StakeSize(2_000_000, 25), new StakeSize(10_000_000, 5)], options.Traffic.Sizes);
        Assert.Equal((1_350_000, new PartsPerMillion(945_000)), (options.StakeMicrosMean, options.BaseReturn));
    }

    [Fact]
    public void A_ratio_has_the_error_that_its_runs_show()
    {
        var ratio = Estimate.Ratio([(1, 10), (3, 10)])!.Value;
        Assert.Equal((0.2, 0.1), (ratio.Value, Math.Round(ratio.StandardError, 12)));
        Assert.True(double.IsNaN(Estimate.Ratio([(1, 2)])!.Value.StandardError));
        Assert.Null(Estimate.Ratio([(1, 0)]));
    }

    [Fact]
    public async Task The_command_prints_its_figures_and_nothing_else_on_standard_output()
    {
        var file = await WriteAsync(EveryKind);
        await using var command = ChildProcess.StartDotnet(RepositoryFolder.BuiltDll("services/Jackpot.Cli"), ["simulate", file, "--bets", "10000", "--seed", "8", "--csv"]);
        Assert.True(await command.ExitAsync(TimeSpan.FromMinutes(1)) == 0, command.Output);
        Assert.Contains("pool_id,figure,value,unit,how,standard_error", command.Output, StringComparison.Ordinal);
        Assert.Contains("--seed 8 repeats it", command.Output, StringComparison.Ordinal);
        File.Delete(file);
    }

    static void Near(double expected, Figure figure)
    {
        Assert.Equal(How.Simulated, figure.How);
        Assert.True(Math.Abs(expected - figure.Value!.Value) <= Math.Max(4 * figure.StandardError!.Value, 0.002 * expected), $"{expected} expected: {figure}");
    }

    static Figure Figure(JackpotSheet sheet, string pool, string name) => sheet.Pools.Single(one => one.Pool.Id.Value == pool).Figures.Single(one => one.Name == name);

    static SimulateOptions Options(params string[] options) => SimulateOptions.Parse(["file.json", .. options]);

    static async Task<JackpotSheet> SheetAsync(string definition, params string[] options)
    {
        var (config, parsed) = (JackpotDefinition.Parse(definition).ToConfig(), Options(options));
        Assert.Empty(JackpotConfigValidator.Validate(config));
        var (reports, _) = await new ParallelRuns(config, parsed).PlayAsync(TestContext.Current.CancellationToken);
        return new JackpotSheet(config, parsed, reports);
    }

    static async Task<string> WriteAsync(string definition)
    {
        var file = Path.Combine(Path.GetTempPath(), $"jackpot-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, definition, TestContext.Current.CancellationToken);
        return file;
    }
}
