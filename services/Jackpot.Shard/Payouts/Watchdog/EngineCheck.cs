using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jackpot.Shard.Payouts.Watchdog;

/// <summary>Names a workflow engine that stands still. Bets are taken all the same, so that it keeps no traffic away.</summary>
internal sealed class EngineCheck(EngineWatchdog watchdog) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        watchdog.StandsStill ? HealthCheckResult.Degraded("the workflow engine takes no work: bets are taken, payouts wait") : HealthCheckResult.Healthy());
}
