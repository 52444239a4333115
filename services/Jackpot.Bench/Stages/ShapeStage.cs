using Jackpot.Bench.Bed;
using Jackpot.Bench.Load;
using Jackpot.Bench.Measures;

namespace Jackpot.Bench.Stages;

/// <summary>P10, P11, P12: the same singles over many jackpots, into three tiers, and with repeats; each interleaved with P1 itself.</summary>
static class ShapeStage
{
    const string Tiers = "bench-tiers";

    internal static async Task RunAsync(BenchRun run)
    {
        if (run.Options.Wants("P11"))
        {
            await run.Jackpots.CreateAsync([(Tiers, BenchJackpots.Rare(Tiers, tiers: 3))]);
            await CompareAsync(run, "P11", "three tiers", () => RequestSource.Singles(run.Bed.Shard, [BenchJackpots.JackpotField(Tiers)]));
        }
        if (run.Options.Wants("P12"))
        {
            await CompareAsync(run, "P12", "10 % duplicates", () => Repeating(run, every: 10));
            await CompareAsync(run, "P12b", "50 % duplicates", () => Repeating(run, every: 2));
        }
        if (run.Options.Wants("P10"))
        {
            var ids = Enumerable.Range(0, run.Options.ManyJackpots).Select(n => $"bench-many-{n}").ToArray();
            BenchRun.Say($"creating {ids.Length} jackpots");
            await run.Jackpots.CreateAsync(ids.Select(id => (id, BenchJackpots.Rare(id))));
            var fields = ids.Select(BenchJackpots.PoolField).ToArray();
            await CompareAsync(run, "P10", $"{ids.Length} jackpots", () => RequestSource.Singles(run.Bed.Shard, fields));
        }
    }

    /// <summary>Every n-th request says again what one two hundred requests earlier said.</summary>
    static RequestSource Repeating(BenchRun run, int every)
    {
        const int Distance = 200;
        long first = long.MaxValue;
        return RequestSource.Singles(run.Bed.Shard, [BenchJackpots.PoolField(BenchRun.Hot)], chooseId: number =>
        {
            first = Math.Min(first, number);
            return number % every == 0 && number - first > Distance ? number - Distance - 1 + (number % 2 == 0 ? 0 : 1) : number;
        });
    }

    static async Task CompareAsync(BenchRun run, string id, string name, Func<RequestSource> source)
    {
        Series plain = new("P1 beside it"), shaped = new(name);
        run.Drive(run.Bed.Shard, source(), run.Options.WarmUp);
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            plain.Add(run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard)).PerSecond);
            shaped.Add(run.Drive(run.Bed.Shard, source()).PerSecond);
        }
        await run.Money.RequireAsync(name);
        run.Report.Add(id, shaped.Median / plain.Median, shaped.Median, $"{shaped.Range}; {plain.Range}");
        BenchRun.Say($"{id}: {shaped.Range}, {plain.Range}");
    }
}
