using Jackpot.Dapr.Jobs;

namespace Jackpot.Shard.Audit.Balancing;

internal static class BalancingRegistration
{
    public static void AddBalancing(this IServiceCollection services)
    {
        services.AddDaprJobsClient();
        services.AddSingleton<BalancingIncidents>().AddSingleton<BalancingRun>().AddSingleton<BalancingEndpoints>().AddSingleton<BalancingJob>();
        services.AddHostedService(provider => provider.GetRequiredService<BalancingJob>());
    }

    public static void MapBalancing(this IEndpointRouteBuilder routes)
    {
        var doors = routes.ServiceProvider.GetRequiredService<BalancingEndpoints>();
        var job = routes.ServiceProvider.GetRequiredService<BalancingJob>();
        routes.MapGet("/v1/audit/balancing", (RequestDelegate)doors.BalancingAsync);
        routes.MapDaprScheduledJobHandler((name, _, ct) => job.RunAsync(name, ct), BalancingRun.TimeMax);
    }
}
