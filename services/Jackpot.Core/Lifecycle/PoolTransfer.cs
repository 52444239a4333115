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

    // What players saw goes where players see it, up to the ceiling; a must-drop keeps a last micro-unit free and draws its hidden
    // amount anew above what it now holds, so that the transfer itself drops nothing (R17).
    static TransferOutcome Moved(TransferEnd source, TransferEnd target)
    {
        var (ended, receiver) = (source.Pool, target.Pool);
        var spare = target.Terms.Trigger is MustDropByAmount ? 1 : 0;
        var room = target.Terms.Kind == PoolKind.Fixed ? 0 : Math.Max(target.Terms.EffectiveCeilingMicros - spare - receiver.AmountMicros, 0);
        var seen = Math.Min(ended.AmountMicros, room);
        var above = ended.AmountMicros - seen;

        var journal = new Journal();
        journal.Move(ended.Id, Account.PoolIncrement, Account.Transfer, ended.IncrementMicros);
        journal.Move(ended.Id, Account.PoolSeed, Account.Transfer, ended.SeedMicros);
        journal.Move(ended.Id, Account.Reserve, Account.Transfer, ended.ReserveMicros);
        journal.Move(ended.Id, Account.Overflow, Account.Transfer, ended.OverflowMicros);
        journal.Move(receiver.Id, Account.Transfer, Account.PoolIncrement, seen);
        journal.Move(receiver.Id, Account.Transfer, Account.Overflow, above + ended.OverflowMicros);
        journal.Move(receiver.Id, Account.Transfer, Account.Reserve, ended.ReserveMicros);

        var filled = receiver with
        {
            IncrementMicros = receiver.IncrementMicros + seen,
            OverflowMicros = receiver.OverflowMicros + above + ended.OverflowMicros,
            ReserveMicros = receiver.ReserveMicros + ended.ReserveMicros,
            ThresholdAboveMicros = seen == 0 ? receiver.ThresholdAboveMicros : receiver.AmountMicros + seen,
        };
        var emptied = ended with { Status = PoolStatus.Dropped, IncrementMicros = 0, SeedMicros = 0, ReserveMicros = 0, OverflowMicros = 0 };
        return new TransferOutcome(TransferAnswer.Done, emptied, filled, journal.Balanced());
    }
}
