using Jackpot.Gateway.Regions;
using Jackpot.Gateway.Requests;
using Jackpot.Gateway.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Transforms;

namespace Jackpot.Gateway.Routing;

static class RoutingRegistration
{
    const int HeaderBytesMax = 16 * 1024;
    const int HeadersMax = 64;

    /// <summary>Whoever sends slower than this holds a connection that another could use.</summary>
    const int BodyBytesPerSecondMin = 240;
    static readonly TimeSpan HeadersTimeMax = TimeSpan.FromSeconds(10);
    static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);

    internal static void AddTenantRouting(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = TenantRouting.BodyBytesMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
            kestrel.Limits.MaxRequestHeaderCount = HeadersMax;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeMax;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(BodyBytesPerSecondMin, BodyGrace);
        });
        builder.Services.AddSingleton<RequestCounters>();
        builder.Services.AddSingleton<TenantLimits>();
        builder.Services.AddSingleton<TenantRouting>();
        builder.Services.AddSingleton<IPassiveHealthCheckPolicy, FirstFailure>();
        builder.Services.AddSingleton<IProxyConfigProvider>(services =>
        {
            var (routes, clusters) = ShardClusters.From(services.GetRequiredService<RegionDirectory>());
            return new InMemoryConfigProvider(routes, clusters);
        });
        builder.Services.AddSingleton<IForwarderHttpClientFactory, ShardClients>();
        builder.Services.AddReverseProxy()
            .AddTransforms(transforms => transforms.AddXForwarded(ForwardedTransformActions.Off).AddRequestTransform(request =>
            {
                request.ProxyRequest.RequestUri = RawTarget.At(request.DestinationPrefix, request.HttpContext);
                return ValueTask.CompletedTask;
            }));
    }

    internal static void MapTenantRouting(this WebApplication app)
    {
        var routing = app.Services.GetRequiredService<TenantRouting>();
        app.MapReverseProxy(pipeline =>
        {
            pipeline.Use(next => http => routing.InvokeAsync(http, next));
            pipeline.UseLoadBalancing();
            pipeline.UsePassiveHealthChecks();
        });
    }
}
