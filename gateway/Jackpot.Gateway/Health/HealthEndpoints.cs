using Jackpot.Gateway.Routing;
using Microsoft.AspNetCore.Http.HttpResults;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Jackpot.Gateway.Health;

static class HealthEndpoints
{
    internal static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => TypedResults.Text("ok"));
        app.MapGet("/readyz", Ready);
        app.MapGet("/metrics", (RequestCounters counters) => TypedResults.Text(counters.ToPrometheusText(), "text/plain; version=0.0.4"));
    }

    /// <summary>Ready while no shard is known to be out of reach with all its replicas.</summary>
    static ContentHttpResult Ready(IProxyStateLookup clusters)
    {
        var down = clusters.GetClusters()
            .Where(cluster => cluster.Destinations.Values.All(replica => replica.Health.Passive == DestinationHealth.Unhealthy))
            .Select(cluster => $"shard {cluster.ClusterId} is out of reach")
            .ToArray();
        return down.Length == 0
            ? TypedResults.Text("ready")
            : TypedResults.Text(string.Join('\n', down), statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
