using System.Collections.Immutable;
using Jackpot.Core.Draws;
using Jackpot.Core.Ledger;

namespace Jackpot.Core.Pools;

/// <summary>A cycle that has just been opened, and what was paid into it.</summary>
/// <param name="State">The pool with its new cycle.</param>
/// <param name="Ledger">The movements that seeded it; they sum to zero.</param>
/// <param name="HouseSeededMicros">The part of the seed that the house had to pay.</param>
public sealed record CycleOpening(PoolState State, ImmutableArray<LedgerEntry> Ledger, long HouseSeededMicros);

/// <summary>How cycles of a pool begin.</summary>
public static class PoolRules
{
    /// <summary>The first cycle of a new pool: the house pays the seed, for nobody has played yet.</summary>
    public static CycleOpening Start(PoolConfig config, long atUnixMs = 0) =>
        Open(config, new PoolState(config.Id, PoolStatus.Dropped, 0, 0, 0, 0, 0, 0, 0), 0, atUnixMs);

    /// <summary>The cycle after a drop: seeded from the overflow first, then from the reserve, then by the house (R08).</summary>
    /// <param name="config">The terms that hold from now on.</param>
    /// <param name="dropped">The pool as the drop left it; a remainder below a minor unit is still in its increment.</param>
    /// <param name="afterSequence">The jackpot's sequence of the drop.</param>
    /// <param name="atUnixMs">When that is; only timed pools ask for it.</param>
    /// <exception cref="InvalidOperationException">The pool's cycle has not dropped.</exception>
    public static CycleOpening OpenNextCycle(PoolConfig config, PoolState dropped, long afterSequence, long atUnixMs = 0) =>
        dropped.Status == PoolStatus.Dropped && dropped.Id == config.Id
            ? Open(config, dropped, afterSequence, atUnixMs)
            : throw new InvalidOperationException($"Pool {dropped.Id} is {dropped.Status}; only a dropped cycle of pool {config.Id} can be followed by the next.");

    /// <summary>The hidden amount of a must-drop pool's cycle: between its bounds, but always above what the pool held when it was drawn (R17).</summary>
    public static long HiddenThresholdMicros(MustDropByAmount trigger, PoolState pool, in CycleSecret secret)
    {
        var floor = Math.Max(trigger.MinMicros, pool.ThresholdAboveMicros + 1);
        return trigger.Weights.IsEmpty
            ? HiddenThreshold.For(secret, pool.Id, pool.Cycle, floor, trigger.MaxMicros)
            : HiddenThreshold.Weighted(secret, pool.Id, pool.Cycle, trigger.MinMicros, trigger.MaxMicros, floor, trigger.Weights);
    }

    static CycleOpening Open(PoolConfig config, PoolState dropped, long afterSequence, long atUnixMs)
    {
        var fromOverflow = Math.Min(config.SeedMicros, dropped.OverflowMicros);
        var fromReserve = Math.Min(config.SeedMicros - fromOverflow, dropped.ReserveMicros);
        var fromHouse = config.SeedMicros - fromOverflow - fromReserve;

        var journal = new Journal();
        journal.Move(config.Id, Account.Overflow, Account.PoolSeed, fromOverflow);
        journal.Move(config.Id, Account.Reserve, Account.PoolSeed, fromReserve);
        journal.Move(config.Id, Account.House, Account.PoolSeed, fromHouse);

        var state = dropped with
        {
            Status = PoolStatus.Open,
            Cycle = dropped.Cycle + 1,
            OpenedAfterSequence = afterSequence,
            OpenedAtUnixMs = atUnixMs,
            TicketsSold = 0,
            SeedMicros = config.SeedMicros,
            ReserveMicros = dropped.ReserveMicros - fromReserve,
            OverflowMicros = dropped.OverflowMicros - fromOverflow,
            ThresholdAboveMicros = dropped.IncrementMicros + config.SeedMicros,
        };
        return new CycleOpening(state, journal.Balanced(), fromHouse);
    }
}
