using Jackpot.Dapr.Client;
using Jackpot.Dapr.Jobs;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Audit.Balancing;

/// <summary>
/// Has the sidecar call back every <see cref="ShardOptions.BalancingInterval"/>. The job outlives this process and is one for all replicas;
/// scheduling it again changes nothing unless the interval is another one.
/// </summary>
internal sealed partial class BalancingJob(DaprJobsClient jobs, BalancingRun run, ShardOptions shard, TimeProvider clock, ILogger<BalancingJob> log) : BackgroundService
{
    static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(5);

    public string Name => "balancing-" + shard.Id;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await jobs.KeepScheduledAsync(Name, DaprJobSchedule.FromDuration(shard.BalancingInterval), stoppingToken);
                return;
            }
            catch (Exception e) when (e is DaprApiException or HttpRequestException or TaskCanceledException && !stoppingToken.IsCancellationRequested)
            {
                LogNotScheduled(log, Name, e);
                await Task.Delay(PauseAfterFault, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>What the sidecar calls. A failure is told to it, so that it tries again.</summary>
    public async Task RunAsync(string name, CancellationToken ct)
    {
        if (name != Name)
        {
            LogUnknown(log, name);
            return;
        }

        if (await run.RunAsync(ct) is { } result)
        {
            LogRan(log, result.Jackpots, result.Differing, result.Recounted, result.Took);
        }
    }

    [LoggerMessage(EventId = 610, Level = LogLevel.Warning, Message = "Job {Name} could not be scheduled; it is tried again")]
    static partial void LogNotScheduled(ILogger logger, string name, Exception exception);

    [LoggerMessage(EventId = 611, Level = LogLevel.Warning, Message = "The sidecar ran job {Name}, which this shard does not have")]
    static partial void LogUnknown(ILogger logger, string name);

    [LoggerMessage(EventId = 612, Level = LogLevel.Information, Message = "Balanced {Jackpots} jackpots, {Differing} differ (journal counted again: {Recounted}), in {Took}")]
    static partial void LogRan(ILogger logger, int jackpots, int differing, bool recounted, TimeSpan took);
}
