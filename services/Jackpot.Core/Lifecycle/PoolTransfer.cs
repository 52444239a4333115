using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Lifecycle;

/// <summary>One end of a transfer: a pool, its terms, and the jackpot around it.</summary>
public sealed record TransferEnd(JackpotStatus Status, Currency Currency, PoolConfig Terms, PoolState Pool);

/// <summary>Why a transfer was refused, or that it was not. Checked in this order.</summary>
public enum TransferAnswer
{
    Done,
    SamePool,
    SourceNotPaused,
    TargetNotOpen,
    CurrenciesDiffer,

    /// <summary>How often one of the pools drops depends on the traffic, so the odds cannot be compared.</summary>
    OddsNotComparable,

    /// <summary>The chance of winning in the target is lower (R25).</summary>
    OddsWorse,
    NothingToMove,
}

/// <summary>A transfer's answer, both pools afterwards (unchanged when refused) and the movements in both books.</summary>
public sealed record TransferOutcome(TransferAnswer Answer, PoolState Source, PoolState Target, ImmutableArray<LedgerEntry> Ledger);

/// <summary>The only way to end a pool that holds money: everything in it, overflow and reserve included, goes to one with equal or better odds (R24 to R27).</summary>
public static class PoolTransferRules
{
    public static TransferOutcome Transfer(TransferEnd source, TransferEnd target)
    {
        var answer = Check(source, target);
        return answer == TransferAnswer.Done
            ? Moved(source, target)
            : new TransferOutcome(answer, source.Pool, target.Pool, []);
    }

    static TransferAnswer Check(TransferEnd source, TransferEnd target)
    {
        var odds = Odds.Compare(source, target);
        return source switch
        {
            _ when source.Pool.Id == target.Pool.Id => TransferAnswer.SamePool,
            _ when source.Status != JackpotStatus.Paused => TransferAnswer.SourceNotPaused,
            _ when target.Status != JackpotStatus.Active || target.Pool.Status != PoolStatus.Open => TransferAnswer.TargetNotOpen,
            _ when source.Currency != target.Currency => TransferAnswer.CurrenciesDiffer,
            _ when odds is null => TransferAnswer.OddsNotComparable,
            _ when odds < 0 => TransferAnswer.OddsWorse,
            _ when source.Pool.TotalMicros == 0 => TransferAnswer.NothingToMove,
            _ => TransferAnswer.Done,
        };
    }

    /// <summary>
    /// Puts money into a pool that came out of it: a payout that nobody may get. The other side of the movement stands with <see cref="Account.Transfer"/>,
    /// because the award was made and stays made.
    /// </summary>
    public static TransferOutcome Return(TransferEnd target, long micros)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(micros);
        if (target.Status != JackpotStatus.Active || target.Pool.Status != PoolStatus.Open)
        {
            return new TransferOutcome(TransferAnswer.TargetNotOpen, target.Pool, target.Pool, []);
        }

        var journal = new Journal();
        var seen = Math.Min(micros, Room(target));
        return new TransferOutcome(TransferAnswer.Done, target.Pool, Filled(target, seen, micros - seen, 0, journal), journal.Balanced());
    }

    static TransferOutcome Moved(TransferEnd source, TransferEnd target)
    {
        var ended = source.Pool;
        var seen = Math.Min(ended.AmountMicros, Room(target));
        var journal = new Journal();
        journal.Move(ended.Id, Account.PoolIncrement, Account.Transfer, ended.IncrementMicros);
        journal.Move(ended.Id, Account.PoolSeed, Account.Transfer, ended.SeedMicros);
        journal.Move(ended.Id, Account.Reserve, Account.Transfer, ended.ReserveMicros);
        journal.Move(ended.Id, Account.Overflow, Account.Transfer, ended.OverflowMicros);
        var filled = Filled(target, seen, ended.AmountMicros - seen + ended.OverflowMicros, ended.ReserveMicros, journal);
        var emptied = ended with { Status = PoolStatus.Dropped, IncrementMicros = 0, SeedMicros = 0, ReserveMicros = 0, OverflowMicros = 0 };
        return new TransferOutcome(TransferAnswer.Done, emptied, filled, journal.Balanced());
    }

    /// <summary>What a pool can show more. A must-drop keeps a last micro-unit free, so that the transfer itself drops nothing (R17).</summary>
    static long Room(TransferEnd target)
    {
        var spare = target.Terms.Trigger is MustDropByAmount ? 1 : 0;
        return target.Terms.Kind == PoolKind.Fixed ? 0 : Math.Max(target.Terms.EffectiveCeilingMicros - spare - target.Pool.AmountMicros, 0);
    }

    // What players saw goes where players see it, up to the ceiling; a must-drop draws its hidden amount anew above what it now holds.
    static PoolState Filled(TransferEnd target, long seen, long overflow, long reserve, Journal journal)
    {
        var pool = target.Pool;
        journal.Move(pool.Id, Account.Transfer, Account.PoolIncrement, seen);
        journal.Move(pool.Id, Account.Transfer, Account.Overflow, overflow);
        journal.Move(pool.Id, Account.Transfer, Account.Reserve, reserve);
        return pool with
        {
            IncrementMicros = pool.IncrementMicros + seen,
            OverflowMicros = pool.OverflowMicros + overflow,
            ReserveMicros = pool.ReserveMicros + reserve,
            ThresholdAboveMicros = seen == 0 ? pool.ThresholdAboveMicros : pool.AmountMicros + seen,
        };
    }
}
