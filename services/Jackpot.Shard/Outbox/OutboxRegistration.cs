namespace Jackpot.Shard.Outbox;

internal static class OutboxRegistration
{
    public static void AddOutbox(this IServiceCollection services)
    {
        services.AddSingleton<OutboxPublisher>().AddSingleton<DroppedAwards>();
        services.AddHostedService<OutboxRelay>();
    }
}
