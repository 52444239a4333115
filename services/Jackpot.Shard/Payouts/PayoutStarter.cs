using System.Data.Common;
using Jackpot.Dapr.Grpc;
using Jackpot.Dapr.Workflows;

namespace Jackpot.Shard.Payouts;

/// <summary>Starts the saga of an award, exactly one per award at a time: the workflow's id is the payout's id.</summary>
internal sealed class PayoutStarter(DaprWorkflowClient workflows)
{
    public async Task StartAsync(string awardId, CancellationToken ct)
    {
        try
        {
            await workflows.ScheduleNewWorkflowAsync(nameof(PayoutWorkflow), Payout.IdOf(awardId), awardId, cancellationToken: ct);
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
                foreach (var award in await payouts.FindStalledAsync(StalledAfter, PayoutsMax, stoppingToken))
                {
                    await starter.StartAsync(award, stoppingToken);
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
