using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Settings;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Balancing;

/// <summary>
/// Has the sidecar call back every <see cref="ShardOptions.BalancingInterval"/>. The job outlives this process and is one for all replicas;
/// scheduling it again changes nothing unless the interval is another one.
/// </summary>
internal sealed partial class BalancingJob(SidecarJobs jobs, BalancingRun run, ShardOptions shard, LoopTools tools, ILogger<BalancingJob> log)
    : HostedLoop(new LoopPlan("balancing-schedule", LookInterval, "the balancing job may not be scheduled"), tools)
{
    /// <summary>How often it is made sure that the job is still there: a scheduler may have lost its data.</summary>
    static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(10);

    public string Name => "balancing-" + shard.Id;

    protected override Task PassAsync(CancellationToken ct) => jobs.KeepScheduledAsync(Name, shard.BalancingInterval, ct);

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

    [LoggerMessage(EventId = 611, Level = LogLevel.Warning, Message = "The sidecar ran job {Name}, which this shard does not have")]
    static partial void LogUnknown(ILogger logger, string name);

    [LoggerMessage(EventId = 612, Level = LogLevel.Information, Message = "Balanced {Jackpots} jackpots, {Differing} differ (journal counted again: {Recounted}), in {Took}")]
    static partial void LogRan(ILogger logger, int jackpots, int differing, bool recounted, TimeSpan took);
}
