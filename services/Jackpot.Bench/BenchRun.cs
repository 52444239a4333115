using Jackpot.Bench.Baselines;
using Jackpot.Bench.Bed;
using Jackpot.Bench.Load;
using Jackpot.Bench.Measures;
using Jackpot.Bench.Subscribers;

namespace Jackpot.Bench;

/// <summary>What all stages share: the bed, the tools, the report, and the figures that later stages divide by.</summary>
sealed class BenchRun(BenchOptions options, TestBed bed, SubscriberProbe probe, Report report) : IDisposable
{
    internal const string Hot = "bench-hot";

    /// <summary>Two slices of warming up that differ by less are the same: what must be compiled is.</summary>
    const double SteadyWithin = 0.05;

    internal BenchOptions Options => options;
    internal TestBed Bed => bed;
    internal SubscriberProbe Probe => probe;
    internal Report Report => report;
    internal Pgbench Pgbench { get; } = new(bed.Baseline.Binaries, bed.Baseline.ConnectionString);
    internal BenchJackpots Jackpots { get; } = new(bed.Shard);
    internal MoneyCheck Money { get; } = new(bed);

    /// <summary>How many the load comes over unless a stage says otherwise: what singles are quickest with, as naive has its best number of clients.</summary>
    internal int Connections { get; set; } = 128;

    internal Series Naive { get; } = new("naive");
    internal Series Single { get; } = new("single");
    internal Series Gateway { get; } = new("through the gateway");

    /// <summary>Load on the shard (or wherever), in a closed loop unless the pace says otherwise, counted for the money check when it stores.</summary>
    internal LoadResult Drive(Uri target, RequestSource source, TimeSpan? duration = null, int? connections = null, Pace? pace = null, bool stores = true)
    {
        using var load = new LoadGenerator(target, connections ?? Connections);
        var result = load.Run(source, duration ?? options.RunTime, pace ?? Pace.Closed);
        if (stores)
        {
            Money.Count(result);
        }
        return result;
    }

    /// <summary>Load until the rate no longer rises: before that the runtime is still compiling, and the first round would be slower than the last.</summary>
    internal void WarmUp(string what, Func<TimeSpan, LoadResult> drive)
    {
        var before = 0.0;
        for (var slice = 1; slice <= options.WarmUpSlicesMax; slice++)
        {
            var rate = drive(options.WarmUpSlice).PerSecond;
            Say($"warming up, {what}: {rate:0}/s");
            if (rate < before * (1 + SteadyWithin))
            {
                return;
            }
            before = rate;
        }
    }

    internal static RequestSource HotSingles(Uri target) => RequestSource.Singles(target, [BenchJackpots.PoolField(Hot)]);

    internal static void Say(string text) => Console.WriteLine($"{DateTime.Now:HH:mm:ss} {text}");

    public void Dispose() => Pgbench.Dispose();
}
