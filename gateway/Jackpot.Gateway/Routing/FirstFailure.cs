using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Jackpot.Gateway.Routing;

/// <summary>Takes a replica out for a second as soon as one request could not reach it, or found its connection broken.</summary>
/// <remarks>YARP's own failure-rate policy counts every request in a window; this one costs nothing while all is well.</remarks>
sealed class FirstFailure(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    internal const string PolicyName = "FirstFailure";
    static readonly TimeSpan DefaultReactivation = TimeSpan.FromSeconds(1);

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.GetForwarderErrorFeature()?.Error is ForwarderError.Request or ForwarderError.ResponseBodyDestination or ForwarderError.RequestBodyDestination)
        {
            var reactivation = cluster.Model.Config.HealthCheck?.Passive?.ReactivationPeriod ?? DefaultReactivation;
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, reactivation);
        }
    }
}
