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

    public static Refused? Of(TransferAnswer answer, string source, string heir) => answer switch
    {
        TransferAnswer.Done => null,
        TransferAnswer.SamePool => new(Refusal.TransferPoolsNotMapped, $"pool '{source}' cannot be its own heir"),
        TransferAnswer.SourceNotPaused => new(Refusal.JackpotNotPaused, "the jackpot must be paused first"),
        TransferAnswer.TargetNotOpen => new(Refusal.TransferTargetNotOpen, $"the jackpot of pool '{heir}' is not active"),
        TransferAnswer.CurrenciesDiffer => new(Refusal.TransferCurrenciesDiffer, $"pools '{source}' and '{heir}' have different currencies"),
        TransferAnswer.OddsNotComparable => new(Refusal.TransferOddsNotComparable,
            $"how often pool '{source}' or '{heir}' drops depends on the traffic, so that it cannot be told that players lose nothing; choose an heir with the same trigger"),
        TransferAnswer.OddsWorse => new(Refusal.TransferOddsWorse, $"the chance of winning is lower at pool '{heir}' than at '{source}'; choose an heir with the same or a better one"),
        TransferAnswer.NothingToMove => new(Refusal.TransferNothingToMove, $"pool '{source}' holds nothing"),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "There is no such answer."),
    };

    /// <summary>Null when this person may take this step of an order that stands like that.</summary>
    public static Refused? Of(TransferOrder order, ChangeStep step, string person) => FourEyes.Check(step, order.Author, person) switch
    {
        _ when order.Status != TransferOrder.Proposed => new(Refusal.NotInThisState, $"transfer {order.Id} is {order.Status}; nothing more is decided about it"),
        ChangeAnswer.StaffUserMissing => new(Refusal.StaffUserInvalid, "the step needs a person"),
        ChangeAnswer.SamePerson => new(Refusal.SamePerson, "whoever ordered a transfer does not decide it; another person approves or rejects it, the author withdraws it"),
        ChangeAnswer.NotTheAuthor => new(Refusal.NotTheAuthor, "only its author withdraws a transfer; anybody else rejects it"),
        _ => null,
    };
}
