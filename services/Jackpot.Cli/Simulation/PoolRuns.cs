using Jackpot.Core.Pools;
using Jackpot.Core.Simulation;

namespace Jackpot.Cli.Simulation;

/// <summary>What all runs say about one tier.</summary>
/// <remarks>
/// A run ends in the middle of a cycle, and figures per stake must not be off because of it. A random pool has no memory: all its bets count, and what
/// was paid in counts in place of what was paid out. The others have even cycles: from the first drop of a run to its last only whole ones are counted.
/// </remarks>
sealed class PoolRuns(PoolConfig pool, SimulateOptions options, IReadOnlyList<PoolReport> runs)
{
    /// <summary>In so many of a hundred runs the start reserve is enough.</summary>
    internal const int StartReservePercent = 95;

    const double MicrosPerUnit = 1_000_000;

    readonly bool _hasMemory = pool.Trigger is not RandomTrigger;

    internal long DropCount => runs.Sum(run => run.DropCount);

    internal IEnumerable<SimulatedDrop> Drops => runs.SelectMany(run => run.Drops);

    internal Estimate? ReturnToPlayer => _hasMemory
        ? Ratio(run => (double)run.AwardedMicros - FirstAward(run), StakedInWholeCycles)
        : Ratio(run => (double)run.AwardedMicros + run.AmountMicros - pool.SeedMicros, run => run.StakedMicros);

    internal Estimate? SeedCost => _hasMemory
        ? Ratio(run => (double)run.SeededMicros * WholeCycles(run) / Math.Max(run.DropCount, 1), StakedInWholeCycles)
        : Ratio(run => (double)run.SeededMicros, run => run.StakedMicros);

    internal Estimate? HoursToDrop => _hasMemory
        ? Ratio(run => BetsInWholeCycles(run) / options.Traffic.BetsPerHour, WholeCycles)
        : Ratio(run => (double)run.Bets / options.Traffic.BetsPerHour, run => run.DropCount);

    internal Estimate? AverageAward => Ratio(run => (double)run.AwardedMicros / MicrosPerUnit, run => run.DropCount);

    /// <summary>The part of the seeds that overflow and reserve could not pay alone.</summary>
    internal Estimate? ReserveRuin => Ratio(run => run.HouseSeeds, run => run.DropCount);

    /// <summary>The part of the runs in which that happened at least once.</summary>
    internal Estimate? RunsRuined => DropCount == 0 ? null : Ratio(run => run.HouseSeeds > 0 ? 1 : 0, _ => 1);

    /// <summary>What the reserve must hold at the start so that so many runs need nothing from the house, in main units.</summary>
    internal double StartReserve => Quantile([.. runs.Select(run => (double)run.HouseSeededMicros / MicrosPerUnit)], StartReservePercent / 100.0);

    /// <summary>So many hours or fewer pass between two drops in this part of the cases; null when nothing dropped.</summary>
    internal double? HoursWithin(double part) =>
        DropCount == 0 ? null : Quantile([.. Drops.Select(drop => (double)drop.BetsSinceLast / options.Traffic.BetsPerHour)], part);

    Estimate? Ratio(Func<PoolReport, double> above, Func<PoolReport, double> below) => Estimate.Ratio([.. runs.Select(run => (above(run), below(run)))]);

    double StakedInWholeCycles(PoolReport run) => BetsInWholeCycles(run) * options.StakeMicrosMean;

    static double WholeCycles(PoolReport run) => Math.Max(run.DropCount - 1, 0);

    static double BetsInWholeCycles(PoolReport run) => run.DropCount == 0 ? 0 : run.BetsToLastDrop - run.Drops[0].BetsSinceLast;

    static double FirstAward(PoolReport run) => run.DropCount == 0 ? 0 : run.Drops[0].AwardMicros;

    static double Quantile(double[] values, double part)
    {
        Array.Sort(values);
        return values[Math.Min((int)Math.Ceiling(part * values.Length), values.Length) - 1];
    }
}
