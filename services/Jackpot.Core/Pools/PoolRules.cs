using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Draws;
using Jackpot.Core.Ledger;

namespace Jackpot.Core.Pools;

/// <summary>A pool that money was put into without a stake: a seed, or a payment of the house.</summary>
/// <param name="State">The pool afterwards.</param>
/// <param name="Ledger">The movements; they sum to zero.</param>
/// <param name="HouseSeededMicros">What the house had to pay of it.</param>
public sealed record PoolFunding(PoolState State, ImmutableArray<LedgerEntry> Ledger, long HouseSeededMicros);

/// <summary>How cycles of a pool begin.</summary>
public static class PoolRules
{
    /// <summary>The rules of cycles that were opened before versions were kept: a stake of which this pool gets nothing could win it all the same.</summary>
    public const int RulesVersionFirst = 1;

    /// <summary>
    /// The rules of cycles that are opened now. A cycle ends under the rules that it began with, and its export names them, so that what was
    /// decided once can be verified for ever. Version 2: only who has put something into the cycle gets anything out of it.
    /// </summary>
    public const int RulesVersion = 2;

    const int FeedersOnlySince = 2;

    /// <summary>Whether somebody who has put nothing into the cycle can win or share it.</summary>
    public static bool IsForFeedersOnly(int rulesVersion) => rulesVersion >= FeedersOnlySince;

    /// <summary>
    /// The smallest stake that can win a must-drop or timed pool, buy a ticket or count for a share in this cycle. Random pools do not ask:
    /// there the chance is as small as the stake.
    /// </summary>
    public static long LeastStakeMicros(PoolConfig config, int rulesVersion) => IsForFeedersOnly(rulesVersion) ? config.LeastStakeMicros : 0;

    /// <summary>The first cycle of a new pool: the house pays the seed, for nobody has played yet.</summary>
    public static PoolFunding Start(PoolConfig config, Currency currency, long atUnixMs = 0) =>
        Open(config, currency, new PoolState(config.Id, PoolStatus.Dropped, 0, 0, 0, 0, 0, 0, 0), 0, atUnixMs);

    /// <summary>The cycle after a drop: seeded from the overflow first, then from the reserve, then by the house (R08).</summary>
    /// <param name="config">The terms that hold from now on.</param>
    /// <param name="currency">Of the jackpot; seeds are whole minor units.</param>
    /// <param name="dropped">The pool as the drop left it; a remainder below a minor unit is still in its increment.</param>
    /// <param name="afterSequence">The jackpot's sequence of the drop.</param>
    /// <param name="atUnixMs">When that is; only timed pools ask for it.</param>
    /// <exception cref="InvalidOperationException">The pool's cycle has not dropped.</exception>
    public static PoolFunding OpenNextCycle(PoolConfig config, Currency currency, PoolState dropped, long afterSequence, long atUnixMs = 0) =>
        dropped.Status == PoolStatus.Dropped && dropped.Id == config.Id
            ? Open(config, currency, dropped, afterSequence, atUnixMs)
            : throw new InvalidOperationException($"Pool {dropped.Id} is {dropped.Status}; only a dropped cycle of pool {config.Id} can be followed by the next.");

    /// <summary>The house pays into the reserve of a pool, so that coming seeds and boosts can be larger or last longer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not above zero.</exception>
    public static PoolFunding Fund(PoolState pool, long micros)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(micros);
        var journal = new Journal();
        journal.Move(pool.Id, Account.House, Account.Reserve, micros);
        return new PoolFunding(pool with { ReserveMicros = pool.ReserveMicros + micros }, journal.Balanced(), micros);
    }

    /// <summary>The hidden amount of a must-drop pool's cycle: between its bounds, but always above what the pool held when it was drawn (R17).</summary>
    public static long HiddenThresholdMicros(MustDropByAmount trigger, PoolState pool, in CycleSecret secret)
    {
        var floor = Math.Max(trigger.MinMicros, pool.ThresholdAboveMicros + 1);
        return trigger.Weights.IsEmpty
            ? HiddenThreshold.For(secret, pool.Id, pool.Cycle, floor, trigger.MaxMicros)
            : HiddenThreshold.Weighted(secret, pool.Id, pool.Cycle, trigger.MinMicros, trigger.MaxMicros, floor, trigger.Weights);
    }

    static PoolFunding Open(PoolConfig config, Currency currency, PoolState dropped, long afterSequence, long atUnixMs)
    {
        var owed = SeedRules.OwedMicros(config, currency, dropped.LastAwardMicros);
        var seed = owed + SeedRules.BoostMicros(config, currency, owed, dropped);
        var fromOverflow = Math.Min(seed, dropped.OverflowMicros);
        var fromReserve = Math.Min(seed - fromOverflow, dropped.ReserveMicros);
        var fromHouse = seed - fromOverflow - fromReserve;

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
            RulesVersion = RulesVersion,
            SeedMicros = seed,
            ReserveMicros = dropped.ReserveMicros - fromReserve,
            OverflowMicros = dropped.OverflowMicros - fromOverflow,
            OpeningOverflowMicros = dropped.OverflowMicros - fromOverflow,
            ThresholdAboveMicros = dropped.IncrementMicros + seed,
        };
        return new PoolFunding(state, journal.Balanced(), fromHouse);
    }
}
