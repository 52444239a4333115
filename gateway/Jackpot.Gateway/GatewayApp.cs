using Jackpot.Gateway.Health;
using Jackpot.Gateway.Problems;
using Jackpot.Gateway.Regions;
using Jackpot.Gateway.Routing;
using Jackpot.Gateway.Streams;
using Jackpot.Gateway.Telemetry;
using Jackpot.ServiceDefaults.Health;
using Jackpot.ServiceDefaults.Telemetry;
using Jackpot.Streams.Canaries;

namespace Jackpot.Gateway;

/// <summary>What the program is made of. Tests open the same in process.</summary>
static class GatewayApp
{
    internal static void AddGateway(this WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Yarp", LogLevel.Error);
        var (options, directory) = builder.AddRegions();
        builder.AddTenantRouting();
        builder.AddBetStream(options, directory);
        builder.AddTelemetry("jackpot-gateway", RequestCounters.MeterName, StreamCounters.MeterName, CanaryRegistration.MeterName);
        builder.AddPlace(builder.Configuration["Gateway:Region"]);
        builder.Services.AddHealthChecks().AddCheck<ShardsCheck>("shards");
    }

    internal static void MapGateway(this WebApplication app)
    {
        app.MapHealth();
        app.MapMetrics();
        app.MapBetStream();
        app.MapTenantRouting();
        app.MapFallback("{**path}", GatewayProblem.UnknownRouteAsync);
    }
}
