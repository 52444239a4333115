using Jackpot.Core.Changes;
using Jackpot.Core.Lifecycle;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Lifecycle;

/// <summary>Why a transfer is refused, in words.</summary>
internal static class TransferRefusals
{
    public static readonly Refused Unknown = new(Refusal.NotFound, "no transfer of that number is here");

    public static readonly Refused Waits = new(Refusal.TransferWaits, "another transfer of this jackpot is proposed; have it rejected or withdraw it first");

    public static Refused? Of(TransferAnswer answer, string source, string target) => answer switch
    {
        TransferAnswer.Done => null,
        TransferAnswer.SamePool => new(Refusal.TransferPoolsNotMapped, $"pool '{source}' cannot be its own target"),
        TransferAnswer.SourceNotPaused => new(Refusal.JackpotNotPaused, "the jackpot must be paused first"),
        TransferAnswer.TargetNotOpen => new(Refusal.TransferTargetNotOpen, $"the jackpot of pool '{target}' is not active"),
        TransferAnswer.CurrenciesDiffer => new(Refusal.TransferCurrenciesDiffer, $"pools '{source}' and '{target}' have different currencies"),
        TransferAnswer.OddsNotComparable => new(Refusal.TransferOddsNotComparable,
            $"how often pool '{source}' or '{target}' drops depends on the traffic, so that it cannot be told that players lose nothing; choose an target with the same trigger"),
        TransferAnswer.OddsWorse => new(Refusal.TransferOddsWorse, $"the chance of winning is lower at pool '{target}' than at '{source}'; choose an target with the same or a better one"),
        TransferAnswer.NothingToMove => new(Refusal.TransferNothingToMove, $"pool '{source}' holds nothing"),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "There is no such answer."),
    };

    /// <summary>Null when this staff user may take this step of an order that stands like that.</summary>
    public static Refused? Of(TransferOrder order, ChangeStep step, string staffUser) => FourEyes.Check(step, order.Author, staffUser) switch
    {
        _ when order.Status != TransferOrder.Proposed => new(Refusal.NotInThisState, $"transfer {order.Id} is {order.Status}; nothing more is decided about it"),
        ChangeAnswer.StaffUserMissing => new(Refusal.StaffUserInvalid, "the step needs a staff user"),
        ChangeAnswer.SameStaffUser => new(Refusal.SameStaffUser, "whoever ordered a transfer does not decide it; another staff user approves or rejects it, the author withdraws it"),
        ChangeAnswer.NotTheAuthor => new(Refusal.NotTheAuthor, "only its author withdraws a transfer; anybody else rejects it"),
        _ => null,
    };
}
