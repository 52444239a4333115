using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Voids;

/// <summary>Takes a bet's parts out of one pool.</summary>
static class PoolVoid
{
    /// <summary>
    /// As if the bet had never been: while the pool stands at its ceiling, what came in above it since the cycle was opened goes first, for
    /// without the bet so much less would have gone there. Below the ceiling the increment shrinks. No balance goes below zero: what one
    /// cannot give the next one does (increment, overflow, reserve), and where all three are empty the house pays.
    /// </summary>
    /// <param name="terms">Of the pool, in force.</param>
    /// <param name="pool">Its running cycle.</param>
    /// <param name="parts">What is taken back.</param>
    /// <param name="payer">Who paid the contribution, and gets it back.</param>
    /// <param name="journal">Receives the movements; null for none.</param>
    /// <returns>The pool afterwards, and what the house had to pay.</returns>
    public static (PoolState Pool, long CarriedMicros) Take(PoolConfig terms, PoolState pool, StakeParts parts, Account payer, Journal? journal)
    {
        var sinceOpening = Math.Max(pool.OverflowMicros - pool.OpeningOverflowMicros, 0);
        var fromOverflow = pool.AmountMicros >= terms.EffectiveCeilingMicros ? Math.Min(parts.IncrementMicros, sinceOpening) : 0;
        var fromIncrement = Math.Min(parts.IncrementMicros - fromOverflow, pool.IncrementMicros);
        var fromReserve = Math.Min(parts.ReserveMicros, pool.ReserveMicros);
        var missing = parts.TotalMicros - fromOverflow - fromIncrement - fromReserve;
        if (missing > 0)
        {
            fromOverflow += Next(ref missing, pool.OverflowMicros - fromOverflow);
            fromReserve += Next(ref missing, pool.ReserveMicros - fromReserve);
        }

        journal?.Move(pool.Id, Account.PoolIncrement, payer, fromIncrement);
        journal?.Move(pool.Id, Account.Overflow, payer, fromOverflow);
        journal?.Move(pool.Id, Account.Reserve, payer, fromReserve);
        Carry(pool, missing, payer, journal);
        var after = pool with
        {
            IncrementMicros = pool.IncrementMicros - fromIncrement,
            OverflowMicros = pool.OverflowMicros - fromOverflow,
            ReserveMicros = pool.ReserveMicros - fromReserve,
        };
        return (after, missing);
    }

    /// <summary>What no pool gives back any more: whoever paid gets it from the house, whose books the operator's settlement squares.</summary>
    public static void Carry(PoolState pool, long micros, Account payer, Journal? journal)
    {
        if (payer != Account.House)
        {
            journal?.Move(pool.Id, Account.House, payer, micros);
        }
    }

    static long Next(ref long missing, long available)
    {
        var taken = Math.Min(missing, available);
        missing -= taken;
        return taken;
    }
}
