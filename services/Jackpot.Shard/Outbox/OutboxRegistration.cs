using Jackpot.Ledger.Settings;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Outbox;

internal static class OutboxRegistration
{
    public static void AddOutbox(this IServiceCollection services)
    {
        services.AddSingleton(provider => new EventOrigin(provider.GetRequiredService<ShardOptions>().Region, provider.GetRequiredService<TenantDirectory>()));
        services.AddSingleton<OutboxPublisher>().AddSingleton<DroppedAwards>();
        services.AddHostedService<OutboxRelay>();
    }
}
