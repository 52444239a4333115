using System.Net;
using Jackpot.LocalDapr.Actors;
using Jackpot.LocalDapr.Bindings;
using Jackpot.LocalDapr.Calls;
using Jackpot.LocalDapr.Faults;
using Jackpot.LocalDapr.Health;
using Jackpot.LocalDapr.Invocation;
using Jackpot.LocalDapr.Jobs;
using Jackpot.LocalDapr.Metrics;
using Jackpot.LocalDapr.PubSub;
using Jackpot.LocalDapr.Secrets;
using Jackpot.LocalDapr.State;
using Jackpot.LocalDapr.Workflows;
using Jackpot.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Jackpot.LocalDapr.Sidecars;

/// <summary>One web server with the ports of all sidecars; a connection knows the sidecar whose port it came in by.</summary>
static class LocalDaprHost
{
    const int StreamsPerConnectionMax = 10_000;

    public static WebApplication Build(SidecarsFile file)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        builder.Services.AddRoutingCore();
        builder.AddTelemetry("jackpot-localdapr", RuntimeMetrics.MeterName);
        SidecarService.Add(builder.Services, file.Sidecars.Max(sidecar => sidecar.MaxBodySizeBytes));
        builder.Services.AddSingleton(services => new Node(file, services.GetRequiredService<ILoggerFactory>(), TimeProvider.System));
        builder.Services.AddSingleton<NodeService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<NodeService>());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.WebHost.ConfigureKestrel((_, kestrel) => Listen(kestrel, kestrel.ApplicationServices.GetRequiredService<Node>()));

        var app = builder.Build();
        app.Use(SidecarRequests.EnterAsync);
        app.UseRouting();
        app.MapHealth();
        app.MapMetadata();
        app.MapActors();
        app.MapState();
        app.MapPublish();
        app.MapSecrets();
        app.MapJobs();
        app.MapBindings();
        app.MapWorkflows();
        app.MapGrpcService<SidecarService>();
        if (file.AdminPort != 0)
        {
            app.MapFaults(app.Services.GetRequiredService<Node>());
            app.MapMetrics().RequireHost($"*:{file.AdminPort}");
        }
        app.MapInvocation();
        return app;
    }

    static void Listen(KestrelServerOptions kestrel, Node node)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        // As daprd's gRPC server: pings that find a dead worker, and room for every blocking call of a client on one connection.
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(3);
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnectionMax;
        if (node.File.AdminPort != 0)
        {
            kestrel.Listen(IPAddress.Loopback, node.File.AdminPort, port => port.Protocols = HttpProtocols.Http1);
        }
        foreach (var sidecar in node.Sidecars)
        {
            kestrel.Listen(IPAddress.Loopback, sidecar.Options.HttpPort, port => Serve(port, HttpProtocols.Http1, sidecar));
            kestrel.Listen(IPAddress.Loopback, sidecar.Options.GrpcPort, port => Serve(port, HttpProtocols.Http2, sidecar));
        }
    }

    static void Serve(ListenOptions port, HttpProtocols protocols, Sidecar sidecar)
    {
        port.Protocols = protocols;
        port.Use(next => connection =>
        {
            connection.Features.Set(sidecar);
            return next(connection);
        });
    }
}
