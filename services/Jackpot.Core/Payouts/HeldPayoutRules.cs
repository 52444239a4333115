namespace Jackpot.Core.Payouts;

/// <summary>What two people can do with a held payout.</summary>
public enum HeldAction
{
    /// <summary>Goes on: what was in doubt is asked about, a check or a limit that held it is waived, a refused credit is sent once more.</summary>
    Resume,

    /// <summary>Pays to another wallet or account of the same person.</summary>
    Reroute,

    /// <summary>Notes that no credit was made and none will be, as the operator has shown; it stays held and is no longer in doubt.</summary>
    NotPaid,

    /// <summary>Notes that the winner has the money.</summary>
    PaidOutside,

    /// <summary>Gives the money to a third party that is named.</summary>
    Forfeit,

    /// <summary>Gives the money back to its pool.</summary>
    RollBack,
}

/// <summary>What is to be done and what was said for it. A player's account is a tenant and a player id.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Evidence">Where the proof lies: a document's number or address.</param>
/// <param name="Account">Where to pay to.</param>
/// <param name="Beneficiary">Who gets a forfeited amount.</param>
public sealed record HeldOrder(HeldAction Action, string? Evidence, string? Account, string? Beneficiary);

/// <summary>Whether an order is taken, in the order in which it is asked.</summary>
public enum HeldAnswer
{
    Done,

    /// <summary>The payout is not held, or not any more.</summary>
    NotHeld,

    /// <summary>A credit may still have happened: the money must not go anywhere else before that is known.</summary>
    InDoubt,

    /// <summary>Nothing is in doubt that could be cleared.</summary>
    NothingInDoubt,
    EvidenceMissing,
    AccountMissing,
    BeneficiaryMissing,
}

/// <summary>Which orders a held payout takes, and what it is after them.</summary>
public static class HeldPayoutRules
{
    public static HeldAnswer Check(PayoutState state, bool inDoubt, HeldOrder order) =>
        state != PayoutState.Held ? HeldAnswer.NotHeld
        : inDoubt && order.Action is HeldAction.Reroute or HeldAction.Forfeit or HeldAction.RollBack ? HeldAnswer.InDoubt
        : !inDoubt && order.Action == HeldAction.NotPaid ? HeldAnswer.NothingInDoubt
        : NeedsEvidence(order.Action) && string.IsNullOrWhiteSpace(order.Evidence) ? HeldAnswer.EvidenceMissing
        : order.Action == HeldAction.Reroute && string.IsNullOrWhiteSpace(order.Account) ? HeldAnswer.AccountMissing
        : order.Action == HeldAction.Forfeit && string.IsNullOrWhiteSpace(order.Beneficiary) ? HeldAnswer.BeneficiaryMissing
        : HeldAnswer.Done;

    /// <summary>The state after an approved order. A credit in doubt is asked about first, so it goes on where it stopped.</summary>
    public static PayoutState After(HeldAction action, bool inDoubt) => action switch
    {
        HeldAction.Resume => inDoubt ? PayoutState.Crediting : PayoutState.Requested,
        HeldAction.Reroute => PayoutState.Requested,
        HeldAction.NotPaid => PayoutState.Held,
        HeldAction.PaidOutside => PayoutState.PaidOutside,
        HeldAction.Forfeit => PayoutState.Forfeited,
        HeldAction.RollBack => PayoutState.RolledBack,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "There is no such action."),
    };

    static bool NeedsEvidence(HeldAction action) =>
        action is HeldAction.Reroute or HeldAction.NotPaid or HeldAction.PaidOutside or HeldAction.Forfeit;
}
