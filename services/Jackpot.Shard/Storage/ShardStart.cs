using Jackpot.Dapr.Client;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Players;
using Jackpot.Shard.Storage.Dedupe;
using Npgsql;

namespace Jackpot.Shard.Storage;

/// <summary>What must be done before the port opens: the sidecar asks for the actors the moment it can connect.</summary>
internal static class ShardStart
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Patience);
        var database = services.GetRequiredService<NpgsqlDataSource>();
        await Migrator.MigrateAsync(database, deadline.Token);
        await PartitionKeeper.KeepAsync(database, services.GetRequiredService<TimeProvider>(), deadline.Token);

        var windows = services.GetRequiredService<DedupeWindows>();
        await windows.RefreshAsync(deadline.Token);
        await windows.LoadFiltersAsync(deadline.Token);

        var dapr = services.GetRequiredService<DaprClient>();
        await dapr.WaitForSidecarAsync(deadline.Token);
        await services.GetRequiredService<SealingKey>().LoadAsync(dapr, deadline.Token);
        await services.GetRequiredService<JackpotDirectory>().ReloadAsync(deadline.Token);
        await services.LoadPlayersAsync(deadline.Token);
    }
}
