using Jackpot.Core.Payouts;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Texts;

namespace Jackpot.Shard.Payouts;

/// <summary>What comes before and after the money of one payout, whether it is credited alone or with others.</summary>
internal sealed partial class PayoutSteps(PayoutStore payouts, PayoutChecks checks, ILogger<PayoutSteps> log)
{
    /// <summary>Whether the credit may be sent; and if not, why.</summary>
    public async Task<(SagaStep Step, string Reason)> CheckAsync(Payout payout, CancellationToken ct)
    {
        var against = await checks.AgainstAsync(payout, ct);
        return against == WireNames.Of(HoldCause.BetVoided)
            ? (SagaStep.Hold(HoldCause.BetVoided), against)
            : (PayoutSaga.AfterChecks(
                against is not null, payout.AwardMicros, checks.HoldAboveMicros(payout.Currency), payout.Waived.Contains(WireNames.Of(HoldCause.LargeAward))),
                against ?? WireNames.Of(HoldCause.LargeAward));
    }

    /// <summary>Writes down how an attempt ended.</summary>
    public async Task<CreditOutcome> EndAsync(Payout payout, SagaStep step, string reason, CancellationToken ct)
    {
        switch (step.Kind)
        {
            case SagaStepKind.Close:
                await payouts.MarkCreditedAsync(payout, ct);
                return CreditOutcome.Credited;
            case SagaStepKind.Hold:
                var cause = step.Cause!.Value;
                await payouts.MarkHeldAsync(payout, cause, reason, ct);
                LogHeld(log, payout.PayoutId, WireNames.Of(cause));
                return CreditOutcome.Held;
            case SagaStepKind.Wait:
                await payouts.NoteDoubtAsync(payout, ct);
                return CreditOutcome.InDoubt;
            default:
                return payout.State == PayoutState.Credited ? CreditOutcome.Credited : CreditOutcome.Held;
        }
    }

    [LoggerMessage(EventId = 421, Level = LogLevel.Warning, Message = "{PayoutId} is held and waits for people ({Cause}): jackpot payouts show {PayoutId}")]
    static partial void LogHeld(ILogger logger, string payoutId, string cause);
}
