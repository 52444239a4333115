using Dapr.Workflow;
using Grpc.Core;
using Jackpot.Shard.Payouts.Community;

namespace Jackpot.Shard.Payouts;

/// <summary>Starts sagas, exactly one per payout and one per shared award at a time: the workflow's id is the payout's, or follows from the award's.</summary>
internal sealed class PayoutStarter(DaprWorkflowClient workflows)
{
    /// <summary>Sagas that are started at once.</summary>
    const int AtOnceMax = 8;

    public Task StartAsync(string payoutId, CancellationToken ct) => StartAsync(nameof(PayoutWorkflow), payoutId, payoutId, ct);

    public Task StartAllAsync(IEnumerable<string> payoutIds, CancellationToken ct) => Parallel.ForEachAsync(
        payoutIds, new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = ct }, async (payout, stop) => await StartAsync(payout, stop));

    /// <summary>Lets the other winners of a shared award be chosen.</summary>
    public Task StartSharingAsync(string awardId, CancellationToken ct) => StartAsync(nameof(ShareWorkflow), "share-" + awardId, awardId, ct);

    async Task StartAsync(string workflow, string instance, string input, CancellationToken ct)
    {
        try
        {
            await workflows.ScheduleNewWorkflowAsync(workflow, instance, input, startTime: (DateTimeOffset?)null, ct);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            // The event came twice, or the sweeper was quicker.
        }
    }
}
