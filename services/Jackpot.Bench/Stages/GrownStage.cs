using System.Globalization;
using Jackpot.Bench.Bed;
using Jackpot.Bench.Load;
using Jackpot.Bench.Measures;
using Spectre.Console;

namespace Jackpot.Bench.Stages;

/// <summary>P13: the same figures before and after many contributions are stored.</summary>
static class GrownStage
{
    const int Items = 1_000;
    const int BatchConnections = 4;
    const double Half = 0.5;

    internal static async Task RunAsync(BenchRun run, Growth growth)
    {
        await growth.CreateAsync();
        var empty = await MeasureAsync(run, growth, "empty");
        await growth.FillAsync();
        await run.Money.RequireAsync("growing");
        var grown = await MeasureAsync(run, growth, "grown");
        await run.Money.RequireAsync("P13");

        Print(empty, grown);
        run.Report.Add("P13", grown.Single.Median / empty.Single.Median, grown.Single.Median, string.Create(CultureInfo.InvariantCulture,
            $"{growth.Rows:#,0} rows in {growth.Jackpots:#,0} jackpots: {grown.Single.Range}; empty {empty.Single.Range}; naive {empty.Naive.Median:#,0} then {grown.Naive.Median:#,0}/s"));
        foreach (var (name, before, after) in empty.Beside(grown))
        {
            run.Report.Circumstance($"grown, {name}", string.Create(CultureInfo.InvariantCulture, $"{after:#,0.0}; empty {before:#,0.0}"));
        }
    }

    static async Task<Figures> MeasureAsync(BenchRun run, Growth growth, string when)
    {
        var figures = new Figures();
        var popularity = new Zipf(growth.Jackpots);
        var fields = growth.PoolFields;
        run.WarmUp(when, time => run.Drive(run.Bed.Shard, RequestSource.Singles(run.Bed.Shard, fields, _ => popularity.Next()), time));
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            figures.Naive.Add(await run.Pgbench.NaiveAsync(NaiveClients, run.Options.ShortTime));
            figures.Single.Add(run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.ShortTime).PerSecond);
            figures.Many.Add(run.Drive(run.Bed.Shard, RequestSource.Singles(run.Bed.Shard, fields, _ => popularity.Next()), run.Options.ShortTime).PerSecond);
            figures.Batch.Add(run.Drive(
                run.Bed.Shard, RequestSource.Batches(run.Bed.Shard, [BenchJackpots.PoolField(BenchRun.Hot)], Items), run.Options.ShortTime, BatchConnections).PerSecond);
            var calm = run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.ShortTime, pace: Pace.Open(run.Single.Median * Half));
            figures.P95.Add(calm.PercentileMs(0.95));
            figures.P99.Add(calm.PercentileMs(0.99));
            BenchRun.Say($"{when}, round {round}: {figures.Naive.Range}, {figures.Single.Range}, {figures.Many.Range}, {figures.Batch.Range}");
        }
        return figures;
    }

    static void Print(Figures empty, Figures grown)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("P13", "empty", "grown", "grown ÷ empty");
        foreach (var (name, before, after) in empty.Beside(grown))
        {
            table.AddRow(name, before.ToString("#,0.0", CultureInfo.InvariantCulture), after.ToString("#,0.0", CultureInfo.InvariantCulture), (after / before).ToString("0.00", CultureInfo.InvariantCulture));
        }
        AnsiConsole.Write(table);
    }

    const int NaiveClients = 4;

    sealed class Figures
    {
        internal Series Naive { get; } = new("naive");
        internal Series Single { get; } = new("single");
        internal Series Many { get; } = new("all jackpots, Zipf");
        internal Series Batch { get; } = new("batches of 1,000");
        internal Series P95 { get; } = new("p95 at half of peak, ms");
        internal Series P99 { get; } = new("p99 at half of peak, ms");

        Series[] All => [Naive, Single, Many, Batch, P95, P99];

        internal IEnumerable<(string Name, double Before, double After)> Beside(Figures later) => All.Zip(later.All, (before, after) => (before.Name, before.Median, after.Median));
    }
}
