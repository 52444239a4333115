namespace Jackpot.Shard.Voids;

internal static class VoidRegistration
{
    public static void AddVoids(this IServiceCollection services)
    {
        services.AddSingleton<VoidTargets>().AddSingleton<VoidIntake>().AddSingleton<VoidEndpoints>();
        services.AddHostedService<WaitingVoids>();
    }
}
