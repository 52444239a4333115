using Dapr.Workflow;
using Jackpot.Core.Payouts;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Parking;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Payouts;

/// <summary>How far one attempt to credit came.</summary>
internal enum CreditOutcome
{
    Credited,
    Held,
    InDoubt,

    /// <summary>There is no such payout, so that asking again can change nothing.</summary>
    Unknown,

    /// <summary>The rows do not let it be paid, and asking again changes nothing before staff have mended them and released it.</summary>
    Parked,
}

/// <summary>
/// Check and credit in one step, because every step between trigger and money costs the winner time; <see cref="PayoutSaga"/> decides, this asks and
/// writes down. May run any number of times, also twice at once: what was sent before is asked about before it is repeated, and of two attempts at
/// once one sends. Compensation: none. A credit is never taken back by the platform; what a wallet or a check refuses is held for staff. A payout that
/// cannot be paid for a reason in its rows is parked, which is counted and logged as an error: its state stays, for that says whether the wallet may
/// have paid already.
/// </summary>
internal sealed class CreditWinner(PayoutStore payouts, WalletClient wallet, PayoutSteps steps, ParkedRows parked)
    : WorkflowActivity<string, CreditOutcome>
{
    /// <summary>The longest road of one attempt: query, check, credit, end.</summary>
    const int StepsMax = 4;

    public override async Task<CreditOutcome> RunAsync(WorkflowActivityContext context, string input)
    {
        try
        {
            return await CreditAsync(input, CancellationToken.None);
        }
#pragma warning disable CA1031 // The edge of a row: what is wrong with this payout is kept and logged, and is not tried for ever.
        catch (Exception fault) when (!RowFault.IsOutage(fault))
#pragma warning restore CA1031
        {
            await parked.ParkAsync(new RowToPark(ParkingSource.Payout, input, [], fault.Message), CancellationToken.None);
            return CreditOutcome.Parked;
        }
    }

    async Task<CreditOutcome> CreditAsync(string input, CancellationToken ct)
    {
        if (await payouts.FindAsync(input, ct) is not { } payout)
        {
            return CreditOutcome.Unknown;
        }

        // Whether nothing can be on its way from before: only then does a call that never left leave no doubt.
        var isFirst = payout.State == PayoutState.Requested;
        var (step, reason) = (PayoutSaga.Begin(payout.State), "");
        for (var taken = 0; taken < StepsMax; taken++)
        {
            switch (step.Kind)
            {
                case SagaStepKind.Query:
                    var found = await wallet.FindAsync(payout, ct);
                    (step, reason) = (PayoutSaga.AfterQuery(found.Reply, payout.Looks + 1, wallet.AppliesIdsOnce(payout.TenantId)), found.Why);
                    break;
                case SagaStepKind.Check:
                    (step, reason) = await steps.CheckAsync(payout, ct);
                    break;
                case SagaStepKind.Credit:
                    if (await payouts.BeginCreditAsync(payout, ct) is not { } begun)
                    {
                        // Another attempt is on its way; what became of it is asked after a pause.
                        return CreditOutcome.InDoubt;
                    }

                    payout = begun;
                    var answer = await wallet.CreditAsync(payout, ct);
                    if (answer.NothingWasSent && isFirst)
                    {
                        await payouts.NothingWasSentAsync(payout, ct);
                    }

                    (step, reason) = (PayoutSaga.AfterCredit(answer.Reply, payout.Looks + 1), answer.Why);
                    break;
                default:
                    return await steps.EndAsync(payout, step, reason, ct);
            }
        }

        return await steps.EndAsync(payout, step, reason, ct);
    }
}
