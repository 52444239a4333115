using Jackpot.Shard;
using Jackpot.Shard.Contributions;
using Microsoft.Extensions.Options;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = ContributionEndpoints.BatchBytesMax;
});
builder.AddShard();

var app = builder.Build();
app.Services.GetRequiredService<IStartupValidator>().Validate();
await ShardStart.PrepareAsync(app.Services, app.Lifetime.ApplicationStopping);
app.MapShard();
await app.RunAsync();
