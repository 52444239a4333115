using Dapr.Workflow;

namespace Jackpot.Shard.Payouts.Community;

/// <summary>
/// Shares one award among its community before anybody of it is paid; while that fails it waits longer each time. It ends without having shared
/// only when there is no such award, or when the award was parked: then the sweeper starts it again once staff have released it.
/// </summary>
internal sealed class ShareWorkflow : Workflow<string, int>
{
    /// <summary>Tries of one run of the workflow; then it continues as new, so that its history stays small.</summary>
    const int TriesMax = 20;

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    public override async Task<int> RunAsync(WorkflowContext context, string input)
    {
        var pause = FirstPause;
        for (var attempt = 1; attempt <= TriesMax; attempt++)
        {
            try
            {
                // Compensation: none, see ShareAward.
                var payouts = await context.CallActivityAsync<int>(nameof(ShareAward), input);
                return payouts != ShareAward.Unknown
                    ? payouts
                    : throw new InvalidOperationException($"There is no award {input} on this shard; a workflow for it was started by mistake and ends here.");
            }
            catch (WorkflowTaskFailedException)
            {
                // The database was away, or the sidecar: the sweeper and this timer both come back to it.
                await context.CreateTimer(pause);
                pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
            }
        }

        context.ContinueAsNew(input);
        return 0;
    }
}
