using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Rejected;

internal static class RejectedRegistration
{
    public static void AddRejected(this IServiceCollection services)
    {
        services.AddSingleton(provider => new RejectedVault(provider.GetRequiredService<SealingKey>().Bytes));
        services.AddSingleton<RejectedMessages>().AddSingleton<RejectedStore>().AddSingleton<RejectedRetry>();
        services.AddSingleton<RejectedEndpoints>().AddSingleton<DeadLetters>();
        services.AddHostedService<RejectedWatch>();
    }

    public static void MapRejected(this IEndpointRouteBuilder routes)
    {
        RejectedEndpoints.Map(routes);
        DeadLetters.Map(routes);
    }
}
