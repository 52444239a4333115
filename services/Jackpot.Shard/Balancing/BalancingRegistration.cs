using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Balancing;

internal static class BalancingRegistration
{
    public static void AddBalancing(this IServiceCollection services)
    {
        services.AddSingleton<BalancingIncidents>().AddSingleton<BalancingRun>().AddSingleton<BalancingEndpoints>().AddSingleton<BalancingJob>();
        services.AddHostedService(provider => provider.GetRequiredService<BalancingJob>());
    }

    public static void MapBalancing(this IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<BalancingEndpoints>();
        var job = routes.ServiceProvider.GetRequiredService<BalancingJob>();
        routes.MapGet("/v1/audit/balancing", (RequestDelegate)endpoints.BalancingAsync);
        routes.MapJobs(job.RunAsync);
    }
}
