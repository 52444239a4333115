using System.Globalization;
using Jackpot.Bench.Baselines;
using Jackpot.Bench.Bed;
using Jackpot.Bench.Load;
using Jackpot.Bench.Measures;

namespace Jackpot.Bench.Stages;

/// <summary>P1, P2, P3, P7, P14, P15: one bet per request, interleaved with what it is compared with.</summary>
static class SinglesStage
{
    const double NaiveSpreadMax = 0.3;
    const string WithoutStoring = "bench-without-storing";

    /// <summary>False when naive varied too much for the run to mean anything.</summary>
    internal static async Task<bool> RunAsync(BenchRun run)
    {
        await run.Jackpots.CreateAsync(((string[])[BenchRun.Hot, WithoutStoring]).Select(id => (id, BenchJackpots.Rare(id))));
        var nothing = RequestSource.Singles(run.Bed.Shard, [BenchJackpots.PoolField(WithoutStoring)]);
        run.WarmUp("endpoint that stores nothing", time => run.Drive(run.Bed.Shard, nothing, time, stores: false));
        run.WarmUp("bare Kestrel", time => run.Drive(run.Bed.Baseline.Url, RequestSource.ForPath(run.Bed.Baseline.Url, "/noop"), time, stores: false));
        run.WarmUp("gateway", time => run.Drive(run.Bed.Gateway, BenchRun.HotSingles(run.Bed.Gateway), time));
        run.WarmUp("shard", time => run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), time));

        var clients = await BestClients.OfNaiveAsync(run);
        run.Connections = await BestClients.OfSinglesAsync(run);
        Series gateway = run.Gateway, noop = new("the same endpoint storing nothing"), bare = new("bare Kestrel");
        var cost = new CostMeter(run.Bed);
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Naive.Add(await run.Pgbench.NaiveAsync(clients, run.Options.RunTime));
            await cost.MeasureAsync(() => run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard)), run.Single);
            gateway.Add(run.Drive(run.Bed.Gateway, BenchRun.HotSingles(run.Bed.Gateway)).PerSecond);
            noop.Add(run.Drive(run.Bed.Shard, nothing, run.Options.ShortTime, stores: false).PerSecond);
            bare.Add(run.Drive(run.Bed.Baseline.Url, RequestSource.ForPath(run.Bed.Baseline.Url, "/noop"), run.Options.ShortTime / 2, stores: false).PerSecond);
            BenchRun.Say($"round {round}: {run.Naive.Range}, {run.Single.Range}, {gateway.Range}, {noop.Range}");
        }
        await run.Money.RequireAsync("singles");

        var (naive, single) = (run.Naive.Median, run.Single.Median);
        run.Report.Add("P1", single / naive, single, $"{run.Single.Range} over {run.Connections} connections; {run.Naive.Range} at {clients} clients, each its best");
        run.Report.Add("P2", gateway.Median / naive, gateway.Median, $"{gateway.Range}; signatures are not there yet");
        run.Report.Add("P3", single / noop.Median, noop.Median, $"{noop.Range}; {bare.Range}");
        run.Report.Add("P14", cost.WalBytesPerContribution, null, "pg_current_wal_lsn before and after the runs of P1");
        run.Report.Add("P15", cost.CpuSecondsPerMillion, null, cost.Parts);
        await RedisAsync(run);
        run.Report.Circumstance("single, last round ÷ first", run.Single.Drift.ToString("0.00", CultureInfo.InvariantCulture));
        run.Report.Circumstance("naive spread", run.Naive.Spread.ToString("P0", CultureInfo.InvariantCulture));
        return run.Options.Quick || run.Naive.Spread <= NaiveSpreadMax;
    }

    static async Task RedisAsync(BenchRun run)
    {
        if (!Redis.IsInstalled)
        {
            run.Report.NotMeasured("P7", "redis-server is not installed (apt-get install redis-server)");
            return;
        }
        var redis = new Series("redis");
        for (var round = 0; round < run.Options.Rounds; round++)
        {
            redis.Add(await Redis.IncrementsPerSecondAsync(run.Options.Quick ? 20_000 : 300_000));
        }
        run.Report.Add("P7", run.Single.Median / redis.Median, redis.Median, redis.Range);
    }
}
