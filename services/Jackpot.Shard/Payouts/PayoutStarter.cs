using Dapr.Workflow;
using Grpc.Core;
using Jackpot.Shard.Payouts.Community;

namespace Jackpot.Shard.Payouts;

/// <summary>Starts sagas, exactly one per payout and one per shared award at a time: the workflow's id is the payout's, or follows from the award's.</summary>
internal sealed class PayoutStarter(DaprWorkflowClient workflows)
{
    /// <summary>Sagas that are started at once.</summary>
    public const int AtOnceMax = 8;

    /// <summary>Longest time for the start of one saga. A sidecar whose engine stands still never answers.</summary>
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(5);

    public Task StartAsync(string payoutId, CancellationToken ct) => StartAsync(nameof(PayoutWorkflow), payoutId, payoutId, ct);

    /// <summary>Starts at once what the sweeper would start within seconds; a sidecar that is away or slow is left to it.</summary>
    public async Task TryStartAsync(string payoutId)
    {
        try
        {
            await StartAsync(payoutId, CancellationToken.None);
        }
        catch (RpcException)
        {
            // The row says that it waits; the sweeper looks for such rows.
        }
    }

    public Task StartAllAsync(IEnumerable<string> payoutIds, CancellationToken ct) => Parallel.ForEachAsync(
        payoutIds, new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = ct }, async (payout, stop) => await StartAsync(payout, stop));

    /// <summary>Lets the other winners of a shared award be chosen.</summary>
    public Task StartSharingAsync(string awardId, CancellationToken ct) => StartAsync(nameof(ShareWorkflow), "share-" + awardId, awardId, ct);

    /// <exception cref="RpcException">The sidecar refused, is away, or did not answer in time.</exception>
    async Task StartAsync(string workflow, string instance, string input, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(StartMax);
        try
        {
            await workflows.ScheduleNewWorkflowAsync(workflow, instance, input, startTime: (DateTimeOffset?)null, deadline.Token);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            // The event came twice, or the sweeper was quicker.
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled } && !ct.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"the workflow engine did not start {instance} within {StartMax.TotalSeconds:0} s", e));
        }
    }
}
