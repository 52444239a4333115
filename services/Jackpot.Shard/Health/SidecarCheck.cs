using Dapr.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jackpot.Shard.Health;

/// <summary>Whether the Dapr sidecar is ready. Bets are taken without it, so that its absence is named but keeps no traffic away.</summary>
internal sealed class SidecarCheck(DaprClient dapr) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await dapr.CheckHealthAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("the sidecar is away: bets are taken, events, payouts and jobs wait");
}
