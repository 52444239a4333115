namespace Jackpot.Shard.Lifecycle;

internal static class LifecycleRegistration
{
    public static void AddLifecycle(this IServiceCollection services)
    {
        services.AddSingleton<StatusDesk>().AddSingleton<StatusEndpoints>();
        services.AddSingleton<TransferDesk>().AddSingleton<TransferEndpoints>();
    }
}
