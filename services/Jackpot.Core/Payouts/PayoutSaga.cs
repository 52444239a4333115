namespace Jackpot.Core.Payouts;

/// <summary>What a call to a wallet came to. A refusal is certain: nothing was credited, nor will be.</summary>
public enum WalletReply
{
    Done,
    Refused,

    /// <summary>It may have happened or not: no answer, a fault, or an answer about something else.</summary>
    InDoubt,

    /// <summary>Only of a query: the wallet has never heard of the transaction.</summary>
    NotFound,
}

/// <summary>What the saga does next.</summary>
public enum SagaStepKind
{
    /// <summary>Asks the wallet what became of the credit.</summary>
    Query,

    /// <summary>Asks the checks, then <see cref="PayoutSaga.AfterChecks"/>.</summary>
    Check,

    /// <summary>Notes that a credit is on its way, then sends it.</summary>
    Credit,

    /// <summary>Notes that the winner has the money.</summary>
    Close,

    /// <summary>Hands the payout to people.</summary>
    Hold,

    /// <summary>Waits for <see cref="PayoutRetries.Pause"/> and begins again.</summary>
    Wait,

    /// <summary>Ends: the payout is over or with people.</summary>
    End,
}

/// <summary>The next step, and when it is <see cref="SagaStepKind.Hold"/>, why.</summary>
public readonly record struct SagaStep(SagaStepKind Kind, HoldCause? Cause = null)
{
    public static implicit operator SagaStep(SagaStepKind kind) => new(kind);

    public static SagaStep Hold(HoldCause cause) => new(SagaStepKind.Hold, cause);
}

/// <summary>
/// The steps of one payout. Money is sent only when nothing that was sent before can still arrive unseen: a credit in doubt is asked about first, and
/// sent again only to a wallet that applies an id once.
/// </summary>
public static class PayoutSaga
{
    public static SagaStep Begin(PayoutState state) => state switch
    {
        PayoutState.Sharing => SagaStepKind.Wait,
        PayoutState.Requested => SagaStepKind.Check,
        PayoutState.Crediting => SagaStepKind.Query,
        _ => SagaStepKind.End,
    };

    /// <param name="looks">Attempts in a row that ended in doubt, this one included.</param>
    /// <param name="appliesIdsOnce">Whether the wallet's conformance check has proven that it credits an id at most once.</param>
    public static SagaStep AfterQuery(WalletReply reply, int looks, bool appliesIdsOnce) => reply switch
    {
        WalletReply.NotFound => appliesIdsOnce ? SagaStepKind.Check : SagaStep.Hold(HoldCause.WalletForgot),
        _ => AfterAnswer(reply, looks),
    };

    /// <param name="failed">Whether a check said no that two people have not waived.</param>
    /// <param name="amountMicros">What the award is in micro-units, all its winners together.</param>
    /// <param name="holdAboveMicros">An award above it waits for two people; null for no such limit.</param>
    /// <param name="signedOff">Whether they have signed.</param>
    public static SagaStep AfterChecks(bool failed, long amountMicros, long? holdAboveMicros, bool signedOff) =>
        failed ? SagaStep.Hold(HoldCause.CheckFailed)
        : amountMicros > holdAboveMicros && !signedOff ? SagaStep.Hold(HoldCause.LargeAward)
        : SagaStepKind.Credit;

    /// <inheritdoc cref="AfterQuery"/>
    /// <exception cref="ArgumentOutOfRangeException">No credit is answered with <see cref="WalletReply.NotFound"/>.</exception>
    public static SagaStep AfterCredit(WalletReply reply, int looks) =>
        reply == WalletReply.NotFound ? throw new ArgumentOutOfRangeException(nameof(reply), reply, "Only a query can find nothing.") : AfterAnswer(reply, looks);

    static SagaStep AfterAnswer(WalletReply reply, int looks) => reply switch
    {
        WalletReply.Done => SagaStepKind.Close,
        WalletReply.Refused => SagaStep.Hold(HoldCause.WalletRefused),
        _ => looks >= PayoutRetries.LooksMax ? SagaStep.Hold(HoldCause.WalletInDoubt) : SagaStepKind.Wait,
    };

    /// <summary>Whether a credit that was sent may still have happened, so that people may not send the money anywhere else.</summary>
    public static bool LeavesDoubt(HoldCause cause) => cause is HoldCause.WalletInDoubt or HoldCause.WalletForgot;
}
