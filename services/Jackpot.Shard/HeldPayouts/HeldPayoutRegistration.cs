namespace Jackpot.Shard.HeldPayouts;

internal static class HeldPayoutRegistration
{
    public static void AddHeldPayouts(this IServiceCollection services) =>
        services.AddSingleton<PayoutQueue>().AddSingleton<PoolReturn>().AddSingleton<HeldPayoutHandler>().AddSingleton<HeldPayoutEndpoints>();
}
