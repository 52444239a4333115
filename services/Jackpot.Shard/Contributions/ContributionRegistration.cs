namespace Jackpot.Shard.Contributions;

internal static class ContributionRegistration
{
    public static void AddContributions(this IServiceCollection services)
    {
        services.AddSingleton<ContributionValidator>()
            .AddSingleton<FanOutPlans>().AddSingleton<SecondLook>().AddSingleton<ContributionDoor>()
            .AddSingleton<CandidateEndpoints>().AddSingleton<ContributionEndpoints>();
    }
}
