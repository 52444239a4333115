namespace Jackpot.Shard.Quarantine;

internal static class QuarantineRegistration
{
    public static void AddQuarantine(this IServiceCollection services)
    {
        services.AddSingleton<StakeLimits>().AddSingleton<QuarantineStore>().AddSingleton<QuarantineRelease>().AddSingleton<QuarantineEndpoints>();
        services.AddHostedService<QuarantineSweeper>();
    }
}
