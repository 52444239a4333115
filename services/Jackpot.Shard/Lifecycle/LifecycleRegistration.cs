namespace Jackpot.Shard.Lifecycle;

internal static class LifecycleRegistration
{
    public static void AddLifecycle(this IServiceCollection services)
    {
        services.AddSingleton<StatusHandler>().AddSingleton<StatusEndpoints>();
        services.AddSingleton<TransferHandler>().AddSingleton<TransferEndpoints>();
    }
}
