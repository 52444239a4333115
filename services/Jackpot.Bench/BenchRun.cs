using Jackpot.Bench.Baselines;
using Jackpot.Bench.Bed;
using Jackpot.Bench.Load;
using Jackpot.Bench.Measures;

namespace Jackpot.Bench;

/// <summary>What all stages share: the bed, the tools, the report, and the figures that later stages divide by.</summary>
sealed class BenchRun(BenchOptions options, TestBed bed, Report report) : IDisposable
{
    internal const int ManyConnections = 128;
    internal const string Hot = "bench-hot";

    internal BenchOptions Options => options;
    internal TestBed Bed => bed;
    internal Report Report => report;
    internal Pgbench Pgbench { get; } = new(bed.Binaries, bed.BaselineConnection);
    internal BenchJackpots Jackpots { get; } = new(bed.Shard);
    internal MoneyCheck Money { get; } = new(bed);

    internal Series Naive { get; } = new("naive");
    internal Series Single { get; } = new("single");

    /// <summary>Closed-loop load on the shard (or wherever), counted for the money check when it stores.</summary>
    internal LoadResult Drive(Uri target, RequestSource source, TimeSpan? duration = null, int connections = ManyConnections, double? rate = null, bool stores = true)
    {
        using var load = new LoadGenerator(target, connections);
        var result = rate is { } perSecond ? load.Open(source, duration ?? options.RunTime, perSecond) : load.Closed(source, duration ?? options.RunTime);
        if (stores)
        {
            Money.Count(result);
        }
        return result;
    }

    internal static RequestSource HotSingles(Uri target) => RequestSource.Singles(target, [BenchJackpots.PoolField(Hot)]);

    internal static void Say(string text) => Console.WriteLine($"{DateTime.Now:HH:mm:ss} {text}");

    public void Dispose() => Pgbench.Dispose();
}
