namespace Jackpot.Shard.Contributions;

internal static class ContributionRegistration
{
    public static void AddContributions(this IServiceCollection services)
    {
        services.AddSingleton<ILaneActor, DaprLaneActor>();
        services.AddSingleton<LaneDirectory>().AddSingleton<ContributionValidator>().AddSingleton<ContributionEndpoints>();
    }
}
