using Jackpot.Bench.Bed;
using Jackpot.Bench.Measures;
using Jackpot.Bench.Subscribers;

namespace Jackpot.Bench.Stages;

/// <summary>P4: singles and naive once more, on a cluster of its own whose flushes take about a millisecond.</summary>
static class SlowFlushStage
{
    internal static async Task RunAsync(BenchOptions options, SubscriberProbe probe, Report report)
    {
        if (!SlowFlush.IsPossible)
        {
            report.NotMeasured("P4", "gcc is not installed; it builds the shim that slows the flush");
            return;
        }
        var folder = await SlowFlush.SwitchOnAsync();
        try
        {
            await using var bed = await TestBed.StartAsync(options, probe);
            using var run = new BenchRun(options, bed, probe, report);
            await run.Money.StartAsync();
            await run.Jackpots.CreateAsync([(BenchRun.Hot, BenchJackpots.Rare(BenchRun.Hot))]);
            run.WarmUp("shard", time => run.Drive(bed.Shard, BenchRun.HotSingles(bed.Shard), time));
            var clients = await BestClients.OfNaiveAsync(run);
            run.Connections = await BestClients.OfSinglesAsync(run);
            for (var round = 0; round < options.Rounds; round++)
            {
                run.Naive.Add(await run.Pgbench.NaiveAsync(clients, options.RunTime));
                run.Single.Add(run.Drive(bed.Shard, BenchRun.HotSingles(bed.Shard)).PerSecond);
            }
            await run.Money.RequireAsync("slow flush");
            report.Add(
                "P4", run.Single.Median / run.Naive.Median, run.Single.Median,
                $"{run.Single.Range} over {run.Connections} connections; {run.Naive.Range} at {clients} clients");
        }
        finally
        {
            SlowFlush.SwitchOff(folder);
        }
    }
}
