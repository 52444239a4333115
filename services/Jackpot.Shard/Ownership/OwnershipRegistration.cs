using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Settings;

namespace Jackpot.Shard.Ownership;

internal static class OwnershipRegistration
{
    /// <summary>An actor does nothing but claim, which takes milliseconds; kept long, so that it is not activated anew for every look of <see cref="OwnershipWatch"/>.</summary>
    static readonly TimeSpan IdleTimeout = TimeSpan.FromHours(1);

    static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);

    public static void AddOwnership(this WebApplicationBuilder builder)
    {
        var (services, shard) = (builder.Services, builder.Configuration[$"{ShardOptions.Section}:{nameof(ShardOptions.Id)}"] ?? "");
        services.AddActors(options =>
        {
            options.UseJsonSerialization = true;
            options.Actors.RegisterActor<JackpotActor>(ShardOptions.ActorTypeOf(shard));
            options.ActorIdleTimeout = IdleTimeout;
            options.DrainOngoingCallTimeout = DrainTimeout;
        });
        services.AddSingleton<Replica>().AddSingleton<OwnerStore>().AddSingleton<IPlacement, ActorPlacement>().AddSingleton<BatcherOwners>();
        services.AddHttpClient<BatchSender>(http => http.Timeout = BatchSender.AnswerMax)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { ConnectTimeout = BatchSender.ConnectMax });
        services.AddSingleton<IBatchRecorders, BatchRecorders>().AddSingleton<BatchEndpoint>();
        services.AddHostedService<OwnershipWatch>();
    }
}
