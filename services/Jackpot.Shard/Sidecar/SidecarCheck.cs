using Dapr.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jackpot.Shard.Sidecar;

/// <summary>Whether the Dapr sidecar is ready. Bets are taken without it, so that its absence is named but keeps no traffic away.</summary>
internal sealed class SidecarCheck(DaprClient dapr) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await IsThereAsync(dapr, cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("the sidecar is away: bets are taken, events, payouts and jobs wait");

    /// <summary>A sidecar that does not answer in time is away like one that is not there.</summary>
    public static async Task<bool> IsThereAsync(DaprClient dapr, CancellationToken ct)
    {
        try
        {
            return await dapr.CheckHealthAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
