using Dapr.Workflow;
using Jackpot.Core.Payouts;
using Jackpot.Ledger.Awards;

namespace Jackpot.Shard.Payouts;

/// <summary>
/// Pays one winner of an award. The straight road is a single activity; while its outcome is in doubt the saga waits longer each time and looks
/// again, until the limit of <see cref="PayoutRetries.LooksMax"/> hands it to people. It never pays by itself what a wallet refused.
/// </summary>
internal sealed class PayoutWorkflow : Workflow<string, string>
{
    /// <summary>Looks of one run of the workflow; then it continues as new, so that its history stays small.</summary>
    const int LooksMax = 20;

    public override async Task<string> RunAsync(WorkflowContext context, string input)
    {
        for (var look = 1; look <= LooksMax; look++)
        {
            // Compensation of the credit: none, see CreditWinner.
            var outcome = await CreditAsync(context, input);
            if (outcome == CreditOutcome.Unknown)
            {
                throw new InvalidOperationException($"There is no payout {input} on this shard; a saga for it was started by mistake and ends here.");
            }

            if (outcome != CreditOutcome.InDoubt)
            {
                return outcome == CreditOutcome.Credited ? Payout.Credited : Payout.Held;
            }

            await context.CreateTimer(PayoutRetries.Pause(input, look));
        }

        context.ContinueAsNew(input);
        return Payout.Crediting;
    }

    static async Task<CreditOutcome> CreditAsync(WorkflowContext context, string payoutId)
    {
        try
        {
            return await context.CallActivityAsync<CreditOutcome>(nameof(CreditWinner), payoutId);
        }
        catch (WorkflowTaskFailedException)
        {
            // The activity could not even note what happened, for example because the database was away: in doubt like any lost answer.
            return CreditOutcome.InDoubt;
        }
    }
}
