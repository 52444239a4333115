using Microsoft.Extensions.Diagnostics.HealthChecks;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Jackpot.Gateway.Health;

/// <summary>Passes while no shard is known to be out of reach with all its replicas.</summary>
sealed class ShardsCheck(IProxyStateLookup clusters) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var down = clusters.GetClusters()
            .Where(cluster => cluster.Destinations.Values.All(replica => replica.Health.Passive == DestinationHealth.Unhealthy))
            .Select(cluster => $"shard {cluster.ClusterId} is out of reach")
            .ToArray();
        return Task.FromResult(down.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(string.Join('\n', down)));
    }
}
