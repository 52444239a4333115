using Jackpot.Gateway.Health;
using Jackpot.Gateway.Problems;
using Jackpot.Gateway.Regions;
using Jackpot.Gateway.Routing;
using Jackpot.Gateway.Telemetry;
using Jackpot.ServiceDefaults.Health;
using Jackpot.ServiceDefaults.Telemetry;

try
{
    var builder = WebApplication.CreateSlimBuilder(args);
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Yarp", LogLevel.Error);
    builder.AddRegions();
    builder.AddTenantRouting();
    builder.AddTelemetry("jackpot-gateway", RequestCounters.MeterName);
    builder.AddPlace(builder.Configuration["Gateway:Region"]);
    builder.Services.AddHealthChecks().AddCheck<ShardsCheck>("shards");

    var app = builder.Build();
    app.MapHealth();
    app.MapMetrics();
    app.MapTenantRouting();
    app.MapFallback("{**path}", GatewayProblem.UnknownRouteAsync);
    await app.RunAsync();
    return 0;
}
catch (InvalidGatewayException invalid)
{
    await Console.Error.WriteLineAsync(invalid.Message);
    return 2;
}
