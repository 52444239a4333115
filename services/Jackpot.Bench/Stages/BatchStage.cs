using Jackpot.Bench.Bed;
using Jackpot.Bench.Load;
using Jackpot.Bench.Measures;

namespace Jackpot.Bench.Stages;

/// <summary>P5 and P6: 1,000 bets per request, into one jackpot and into eight.</summary>
static class BatchStage
{
    const int Items = 1_000;
    const int JackpotsCount = 8;
    const int ConnectionsForOne = 4;
    const int ConnectionsForMany = 16;

    internal static async Task RunAsync(BenchRun run)
    {
        var ids = Enumerable.Range(0, JackpotsCount).Select(n => $"bench-batch-{n}").ToArray();
        await run.Jackpots.CreateAsync(ids.Select(id => (id, BenchJackpots.Rare(id))));
        var fields = ids.Select(BenchJackpots.PoolField).ToArray();
        Series ceiling1 = new("ceiling1"), ceiling2 = new("ceiling2"), one = new("one jackpot"), many = new("eight jackpots");
        run.Drive(run.Bed.Shard, RequestSource.Batches(run.Bed.Shard, fields, Items), run.Options.WarmUpSlice * 2, ConnectionsForMany);
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            ceiling1.Add(await run.Pgbench.CeilingAsync(1, run.Options.ShortTime));
            one.Add(run.Drive(run.Bed.Shard, RequestSource.Batches(run.Bed.Shard, fields[..1], Items), run.Options.ShortTime, ConnectionsForOne).PerSecond);
            ceiling2.Add(await run.Pgbench.CeilingAsync(2, run.Options.ShortTime));
            many.Add(run.Drive(run.Bed.Shard, RequestSource.Batches(run.Bed.Shard, fields, Items), run.Options.ShortTime, ConnectionsForMany).PerSecond);
            BenchRun.Say($"round {round}: {ceiling1.Range}, {one.Range}, {ceiling2.Range}, {many.Range}");
        }
        await run.Money.RequireAsync("batches");
        run.Report.Add("P5", one.Median / ceiling1.Median, one.Median, $"{one.Range}; {ceiling1.Range}");
        run.Report.Add("P6", many.Median / ceiling2.Median, many.Median, $"{many.Range}; {ceiling2.Range}");
    }
}
