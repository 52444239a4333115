using System.Collections.Immutable;
using Jackpot.Core.Ids;
using Jackpot.Core.Maths;

namespace Jackpot.Core.Simulation;

/// <summary>What came out of a simulation.</summary>
public sealed record SimulationReport(long Bets, long StakedMicros, ImmutableArray<PoolReport> Pools)
{
    /// <summary>What voids took back of the contributions.</summary>
    public Int128 VoidedMicros { get; init; }

    /// <summary>What of it no pool gave back any more, because the bet's cycle had dropped.</summary>
    public Int128 CarriedMicros { get; init; }
}

/// <summary>One drop: what it paid, and how many bets after the drop before it came.</summary>
public readonly record struct SimulatedDrop(long AwardMicros, long BetsSinceLast);

/// <summary>What became of one tier. Fractions are exact; amounts are micro-units.</summary>
/// <param name="Pool">The tier.</param>
/// <param name="Bets">Of the simulation.</param>
/// <param name="StakedMicros">The stakes of the whole simulation.</param>
/// <param name="BetsPerHour">Of the traffic.</param>
public sealed record PoolReport(PoolId Pool, long Bets, long StakedMicros, int BetsPerHour)
{
    /// <summary>So many drops are kept one by one; all are counted.</summary>
    public const int DropsKeptMax = 100_000;

    /// <summary>How often it dropped.</summary>
    public long DropCount { get; init; }

    /// <summary>The first drops, in order.</summary>
    public ImmutableArray<SimulatedDrop> Drops { get; init; } = [];

    /// <summary>How many bets there were when it last dropped; after them comes a cycle that was not finished.</summary>
    public long BetsToLastDrop { get; init; }

    /// <summary>What the pool showed when the simulation ended.</summary>
    public long AmountMicros { get; init; }

    /// <summary>All awards together.</summary>
    public Int128 AwardedMicros { get; init; }

    /// <summary>All seeds that followed a drop, whoever paid them.</summary>
    public Int128 SeededMicros { get; init; }

    /// <summary>What of them the house had to pay. A reserve that held so much at the start would have paid every seed.</summary>
    public Int128 HouseSeededMicros { get; init; }

    /// <summary>How many seeds the house had to pay for, in part or whole: each is a reserve that ran dry.</summary>
    public long HouseSeeds { get; init; }

    /// <summary>The part of every stake that came back as awards.</summary>
    public Ratio ReturnToPlayer => new(AwardedMicros, StakedMicros);

    /// <summary>The part of every stake that seeds cost.</summary>
    public Ratio SeedCost => new(SeededMicros, StakedMicros);

    /// <summary>Null when nothing dropped.</summary>
    public Ratio? AverageAwardMicros => DropCount == 0 ? null : new Ratio(AwardedMicros, DropCount);

    /// <summary>How often overflow and reserve could not pay the next seed alone; null when nothing dropped.</summary>
    public Ratio? ReserveRuin => DropCount == 0 ? null : new Ratio(HouseSeeds, DropCount);

    /// <summary>Seconds from drop to drop on average; null when nothing dropped.</summary>
    public Ratio? SecondsPerDrop => DropCount == 0 ? null : new Ratio((Int128)Bets * 3_600, (Int128)BetsPerHour * DropCount);
}
