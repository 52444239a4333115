namespace Jackpot.Shard.Players;

internal static class PlayerRegistration
{
    public static void AddPlayers(this IServiceCollection services)
    {
        services.AddSingleton<PlayerStatusStore>().AddSingleton<PlayerStatusCache>().AddSingleton<PlayerStatusEndpoints>();
        services.AddSingleton<OptInStore>().AddSingleton<OptInCache>().AddSingleton<OptInEndpoints>();
        services.AddSingleton<Participation>();
        services.AddHostedService<PlayerChanges>();
    }

    /// <summary>Reads what must be known of players before the first bet is answered.</summary>
    public static async Task LoadPlayersAsync(this IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<PlayerStatusCache>().CatchUpAsync(ct);
        await services.GetRequiredService<OptInCache>().StartAsync(ct);
    }

    public static void MapPlayers(this IEndpointRouteBuilder routes)
    {
        PlayerStatusEndpoints.Map(routes);
        OptInEndpoints.Map(routes);
    }
}
