using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;
using Jackpot.ServiceDefaults.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jackpot.Shard.Sidecar;

/// <summary>
/// Whether the sidecar is connected to placement. Owners of batchers ask nobody, so that its absence is named but keeps no traffic away. While the
/// sidecar itself is away nobody knows, and <see cref="SidecarCheck"/> says enough.
/// </summary>
internal sealed class PlacementCheck(SidecarGrpc sidecar) : IHealthCheck
{
    /// <summary>What Dapr's metadata say then, and only then.</summary>
    const string Connected = "placement: connected";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var metadata = await sidecar.Client.GetMetadataAsync(new GetMetadataRequest(), sidecar.Options(HealthEndpoints.CheckTimeout, cancellationToken));
            return metadata.ActorRuntime?.Placement == Connected
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded("placement is away: bets are taken by the owners that are known, payouts wait");
        }
        catch (RpcException)
        {
            return HealthCheckResult.Healthy();
        }
    }
}
