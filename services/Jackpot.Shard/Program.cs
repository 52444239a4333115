using System.Text.Json;
using Jackpot.Dapr.Actors;
using Jackpot.Shard.Audit;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Health;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Outbox;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Storage;
using Jackpot.Shard.Telemetry;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = ContributionEndpoints.BatchBytesMax;
});

builder.AddRegions();
builder.AddTelemetry();
builder.AddStorage();
builder.AddJackpots();
builder.Services.AddContributions();
builder.Services.AddOutbox();
builder.Services.AddPayouts();
builder.Services.AddSingleton<CycleExportReader>().AddSingleton<AuditLog>().AddSingleton<AuditEndpoints>();

builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
builder.Services.AddOpenApi();

var app = builder.Build();
await ShardStart.PrepareAsync(app.Services, app.Lifetime.ApplicationStopping);

app.MapHealth();
app.MapTelemetry();
app.MapOpenApi();
app.MapActorsHandlers();
PayoutEndpoints.Map(app);
ContributionEndpoints.Map(app);
ReadEndpoints.Map(app);
AdminEndpoints.Map(app);
AuditEndpoints.Map(app);
await app.RunAsync();
