using Jackpot.Gateway.Problems;
using Jackpot.Gateway.Regions;
using Jackpot.Gateway.Telemetry;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Jackpot.Gateway.Routing;

/// <summary>Sends each request to the shard that its tenant is pinned to, or says why not. Bodies pass through unread.</summary>
sealed class TenantRouting(RegionDirectory directory, IProxyStateLookup clusters, TenantLimits limits, RequestCounters counters)
{
    internal const string TenantHeader = "X-Tenant-Id";
    internal const long BodyBytesMax = 1024 * 1024;

    internal async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.ContentLength > BodyBytesMax)
        {
            counters.CountRefused();
            await GatewayProblem.BodyTooLargeAsync(http, BodyBytesMax);
            return;
        }
        var tenantIds = http.Request.Headers[TenantHeader];
        if (tenantIds.Count != 1 || string.IsNullOrEmpty(tenantIds[0]))
        {
            counters.CountRefused();
            await GatewayProblem.TenantMissingAsync(http);
            return;
        }
        var home = directory.Find(tenantIds[0]!);
        if (home?.ShardId is null)
        {
            counters.CountRefused();
            await (home is null ? GatewayProblem.TenantUnknownAsync(http) : GatewayProblem.MisdirectedAsync(http, home));
            return;
        }
        using var entered = limits.Of(home).TryEnter(out var exceeded);
        if (entered is null)
        {
            counters.CountLimited(home.TenantId);
            await (exceeded == TenantLimitKind.Rate ? GatewayProblem.RateExceededAsync(http) : GatewayProblem.ConcurrencyExceededAsync(http));
            return;
        }
        await ForwardAsync(http, home.ShardId, next);
    }

    async Task ForwardAsync(HttpContext http, string shardId, RequestDelegate next)
    {
        if (!clusters.TryGetCluster(shardId, out var cluster))
        {
            throw new InvalidOperationException($"Shard {shardId} has no cluster, although the directory was built from the same file.");
        }
        http.ReassignProxyRequest(cluster);
        ProxyHeaders.Strip(http.Request.Headers);
        counters.CountForwarded();
        await next(http);
        if (http.GetForwarderErrorFeature() is { } failure && !http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            counters.CountFailed();
            await GatewayProblem.ForwardingFailedAsync(http, failure.Error, BodyBytesMax);
        }
    }
}
