using Jackpot.Dapr.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jackpot.Shard.Health;

/// <summary>The Dapr sidecar is ready.</summary>
internal sealed class SidecarCheck(DaprClient dapr) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await dapr.CheckHealthAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("the sidecar is not ready");
}
