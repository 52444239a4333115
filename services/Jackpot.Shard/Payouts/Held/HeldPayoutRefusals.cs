using Jackpot.Core.Changes;
using Jackpot.Core.Payouts;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Payouts.Held;

/// <summary>Why an order for a held payout is refused, in words.</summary>
internal static class HeldPayoutRefusals
{
    public static readonly Refused Unknown = new(Refusal.NotFound, "no payout of that id is here");

    public static readonly Refused UnknownOrder = new(Refusal.NotFound, "no order of that number is here");

    public static readonly Refused Waits = new(Refusal.NotInThisState, "another order for this payout is proposed; have it rejected or withdraw it first");

    public static readonly Refused AccountElsewhere = new(Refusal.TenantElsewhere, "'account' is not with an operator of this region; a winner is paid at home");

    public static readonly Refused PoolNotOpen = new(Refusal.PoolNotOpen, "the pool takes nothing back while its jackpot is not active; forfeit the payout or resume the jackpot");

    public static Refused? Of(HeldAnswer answer) => answer switch
    {
        HeldAnswer.Done => null,
        HeldAnswer.NotHeld => new(Refusal.NotInThisState, "the payout is not held, or not any more; GET /v1/admin/payouts lists what is"),
        HeldAnswer.InDoubt => new(Refusal.NotInThisState,
            "a credit was sent whose outcome nobody knows; resume to ask the wallet, or show with 'not_paid' or 'paid_outside' what became of it"),
        HeldAnswer.NothingInDoubt => new(Refusal.NotInThisState, "no credit of this payout is in doubt"),
        HeldAnswer.EvidenceMissing => new(Refusal.FieldMissing, "'evidence' must say where the proof lies"),
        HeldAnswer.AccountMissing => new(Refusal.FieldMissing, "'account' must name the tenant and the player id to pay to"),
        HeldAnswer.BeneficiaryMissing => new(Refusal.FieldMissing, "'beneficiary' must name who gets the money"),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "There is no such answer."),
    };

    /// <summary>Null when this person may take this step of an order that stands like that.</summary>
    public static Refused? Of(PayoutOrder order, ChangeStep step, string person) => FourEyes.Check(step, order.Author, person) switch
    {
        _ when order.Status != PayoutOrder.Proposed => new(Refusal.NotInThisState, $"order {order.Id} is {order.Status}; nothing more is decided about it"),
        ChangeAnswer.SamePerson => new(Refusal.SamePerson, "whoever gave an order does not decide it; another person approves or rejects it, the author withdraws it"),
        ChangeAnswer.NotTheAuthor => new(Refusal.NotTheAuthor, "only its author withdraws an order; anybody else rejects it"),
        ChangeAnswer.Done => null,
        _ => new(Refusal.StaffUserInvalid, "the step needs a person"),
    };
}
