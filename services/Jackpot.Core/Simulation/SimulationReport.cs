using System.Collections.Immutable;
using Jackpot.Core.Ids;
using Jackpot.Core.Maths;

namespace Jackpot.Core.Simulation;

/// <summary>What came out of a simulation.</summary>
public sealed record SimulationReport(long Bets, long StakedMicros, ImmutableArray<PoolReport> Pools);

/// <summary>What became of one tier. Fractions are exact; amounts are micro-units.</summary>
/// <param name="Pool">The tier.</param>
/// <param name="Awards">Every award, ascending.</param>
/// <param name="StakedMicros">The stakes of the whole simulation.</param>
/// <param name="SeededMicros">All seeds that followed a drop, whoever paid them.</param>
/// <param name="HouseSeededMicros">What of them the house had to pay.</param>
/// <param name="HouseSeeds">How many of them the house had to pay for, in part or whole: each is a reserve that ran dry.</param>
/// <param name="BetsPerHour">Of the traffic.</param>
/// <param name="Bets">Of the simulation.</param>
public sealed record PoolReport(
    PoolId Pool,
    ImmutableArray<long> Awards,
    long StakedMicros,
    long SeededMicros,
    long HouseSeededMicros,
    long HouseSeeds,
    int BetsPerHour,
    long Bets)
{
    /// <summary>The part of every stake that came back as awards.</summary>
    public Ratio ReturnToPlayer => new(Awards.Aggregate((Int128)0, (sum, award) => sum + award), StakedMicros);

    /// <summary>The part of every stake that seeds cost.</summary>
    public Ratio SeedCost => new(SeededMicros, StakedMicros);

    /// <summary>Null when nothing dropped.</summary>
    public Ratio? AverageAwardMicros => Awards.IsEmpty ? null : ReturnToPlayer * StakedMicros / Awards.Length;

    /// <summary>How often overflow and reserve could not pay the next seed alone; null when nothing dropped.</summary>
    public Ratio? ReserveRuin => Awards.IsEmpty ? null : new Ratio(HouseSeeds, Awards.Length);

    /// <summary>Seconds from drop to drop on average; null when nothing dropped.</summary>
    public Ratio? SecondsPerDrop => Awards.IsEmpty ? null : new Ratio((Int128)Bets * 3_600, (Int128)BetsPerHour * Awards.Length);

    /// <summary>How many awards fell into each of so many equal steps from the smallest to the largest award.</summary>
    public ImmutableArray<int> Histogram(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var counts = new int[steps];
        foreach (var award in Awards)
        {
            var width = (Int128)Awards[^1] - Awards[0] + 1;
            counts[(int)((award - Awards[0]) * (Int128)steps / width)]++;
        }

        return [.. counts];
    }
}
