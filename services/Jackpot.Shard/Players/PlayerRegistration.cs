namespace Jackpot.Shard.Players;

internal static class PlayerRegistration
{
    public static void AddPlayers(this IServiceCollection services)
    {
        services.AddSingleton<StandingStore>().AddSingleton<StandingBook>().AddSingleton<StandingEndpoints>();
        services.AddSingleton<OptInStore>().AddSingleton<OptInBook>().AddSingleton<OptInEndpoints>();
        services.AddSingleton<Participation>();
        services.AddHostedService<PlayerChanges>();
    }

    /// <summary>Reads what must be known of players before the first bet is answered.</summary>
    public static async Task LoadPlayersAsync(this IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<StandingBook>().CatchUpAsync(ct);
        await services.GetRequiredService<OptInBook>().StartAsync(ct);
    }

    public static void MapPlayers(this IEndpointRouteBuilder routes)
    {
        StandingEndpoints.Map(routes);
        OptInEndpoints.Map(routes);
    }
}
