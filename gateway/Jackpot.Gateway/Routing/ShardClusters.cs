using System.Net;
using Jackpot.Gateway.Regions;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;

namespace Jackpot.Gateway.Routing;

/// <summary>YARP's view of this region: one cluster per shard, one destination per replica, and the only paths that are let through.</summary>
static class ShardClusters
{
    /// <summary>Neither /v1/admin nor /v1/audit is here: staff and regulators do not come through the tenants' endpoint.</summary>
    internal static readonly string[] OpenPaths = ["/v1/jp/{**rest}", "/v1/awards/{**rest}", "/v1/optin/{**rest}", "/v1/players/{**rest}", "/jackpot/{**rest}"];

    static readonly TimeSpan ShardTimeout = TimeSpan.FromSeconds(30);
    static readonly TimeSpan ReactivateAfter = TimeSpan.FromSeconds(1);

    internal static (RouteConfig[] Routes, ClusterConfig[] Clusters) From(RegionDirectory directory)
    {
        var clusters = directory.Shards.Select(shard => Cluster(shard.Key, shard.Value)).ToArray();
        // Every route starts with the first shard's cluster; TenantRouting replaces it by the tenant's.
        var routes = OpenPaths.Select((path, number) => new RouteConfig
        {
            RouteId = $"open-{number}",
            ClusterId = clusters[0].ClusterId,
            Match = new RouteMatch { Path = path },
        });
        return ([.. routes], clusters);
    }

    static ClusterConfig Cluster(string shardId, IReadOnlyList<string> replicas) => new()
    {
        ClusterId = shardId,
        LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
        Destinations = replicas.Select((url, number) => (Name: $"{shardId}-{number}", url))
            .ToDictionary(replica => replica.Name, replica => new DestinationConfig { Address = replica.url }),
        HttpRequest = new ForwarderRequestConfig
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = ShardTimeout,
        },
        HealthCheck = new HealthCheckConfig
        {
            // When no replica is healthy, all are tried: a shard that is back must not wait for the gateway to notice.
            AvailableDestinationsPolicy = "HealthyOrPanic",
            Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = FirstFailure.PolicyName, ReactivationPeriod = ReactivateAfter },
        },
    };
}
