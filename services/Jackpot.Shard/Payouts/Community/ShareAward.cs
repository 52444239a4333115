using Dapr.Workflow;

namespace Jackpot.Shard.Payouts.Community;

/// <summary>
/// Chooses who shares an award and starts a saga for each of them. May run any number of times, also twice at once: the choice is written
/// once and is the same whoever makes it, and a saga that runs is not started again.
/// Compensation: none. What was shared out is the winners'.
/// </summary>
internal sealed class ShareAward(AwardSharing sharing, PayoutStarter starter) : WorkflowActivity<string, int>
{
    /// <summary>The answer when there is no such award.</summary>
    public const int Unknown = -1;

    public override async Task<int> RunAsync(WorkflowActivityContext context, string input)
    {
        if (await sharing.ShareAsync(input, CancellationToken.None) is not { } payouts)
        {
            return Unknown;
        }

        await starter.StartAllAsync(payouts, CancellationToken.None);
        return payouts.Count;
    }
}
