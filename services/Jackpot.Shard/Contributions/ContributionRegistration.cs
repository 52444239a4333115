namespace Jackpot.Shard.Contributions;

internal static class ContributionRegistration
{
    public static void AddContributions(this IServiceCollection services)
    {
        services.AddSingleton<ContributionValidator>()
            .AddSingleton<FanOutPlans>().AddSingleton<SlowPath>().AddSingleton<ContributionIntake>()
            .AddSingleton<CandidateEndpoints>().AddSingleton<ContributionEndpoints>();
    }
}
