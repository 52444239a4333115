using System.Data.Common;
using Jackpot.Dapr.Grpc;
using Jackpot.Dapr.Workflows;
using Jackpot.Shard.Community;

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
            await workflows.ScheduleNewWorkflowAsync(workflow, instance, input, cancellationToken: ct);
        }
        catch (RpcException e) when (e.StatusCode == RpcStatusCode.AlreadyExists)
        {
            // The event came twice, or the sweeper was quicker.
        }
    }
}

/// <summary>
/// Finds payouts that stand still, whatever was lost on the way (a message, a workflow, a process), and starts their saga again.
/// </summary>
internal sealed partial class PayoutSweeper(PayoutStore payouts, PayoutStarter starter, TimeProvider clock, ILogger<PayoutSweeper> log) : BackgroundService
{
    const int PayoutsMax = 100;
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await WaitAsync(timer, stoppingToken))
        {
            try
            {
                foreach (var stalled in await payouts.FindStalledAsync(StalledAfter, PayoutsMax, stoppingToken))
                {
                    await (stalled.IsSharing
                        ? starter.StartSharingAsync(stalled.AwardId, stoppingToken)
                        : starter.StartAsync(stalled.PayoutId, stoppingToken));
                }
            }
            catch (Exception e) when (e is DbException or RpcException or HttpRequestException or IOException)
            {
                LogSweepFailed(log, e);
            }
        }
    }

    static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 400, Level = LogLevel.Warning, Message = "Looking for stalled payouts failed; the next look follows")]
    static partial void LogSweepFailed(ILogger logger, Exception exception);
}
