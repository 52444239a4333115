using Jackpot.Dapr.Actors;
using Jackpot.Dapr.Client;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Jackpots;

internal static class JackpotRegistration
{
    /// <summary>Far above the longest turn: an idle deactivation does not look whether a turn is running.</summary>
    static readonly TimeSpan IdleTimeout = TimeSpan.FromHours(1);

    static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);

    public static void AddJackpots(this WebApplicationBuilder builder)
    {
        builder.Services.AddDaprClient();
        builder.Services.AddActors((services, options) =>
        {
            options.Actors.RegisterActor<JackpotActor>(services.GetRequiredService<ShardOptions>().ActorType);
            options.ActorIdleTimeout = IdleTimeout;
            options.DrainOngoingCallTimeout = DrainTimeout;
        });
        builder.Services.AddSingleton<SealingKey>();
        builder.Services.AddSingleton(services => new CycleVault(services.GetRequiredService<SealingKey>().Bytes));
        builder.Services.AddSingleton<JackpotDirectory>().AddSingleton<JackpotReader>().AddSingleton<JackpotFounding>().AddSingleton<JackpotQueries>().AddSingleton<AwardQueries>();
        builder.Services.AddSingleton<ReadEndpoints>().AddSingleton<AdminEndpoints>();
    }
}
