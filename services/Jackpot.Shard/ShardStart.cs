using Dapr.Client;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Epochs;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Players;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Sidecar;
using Npgsql;

namespace Jackpot.Shard;

/// <summary>What must be done before the port opens: the sidecar asks for the actors the moment it can connect.</summary>
internal static class ShardStart
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Patience);
        // Reads regions/: a file that cannot be used ends the start.
        _ = services.GetRequiredService<TenantDirectory>();
        _ = services.GetRequiredService<OperatorWallets>();
        var database = services.GetRequiredService<NpgsqlDataSource>();
        await Migrator.MigrateAsync(database, deadline.Token);
        await services.GetRequiredService<ShardEpochs>().EnterAsync(deadline.Token);
        await PartitionKeeper.KeepAsync(database, services.GetRequiredService<TimeProvider>(), deadline.Token);

        // None of these needs another, and a shard that was killed shall be back soon.
        await Task.WhenAll(
            LoadKeysAsync(services.GetRequiredService<DedupeWindows>(), deadline.Token),
            LoadSealingKeyAsync(services, deadline.Token),
            services.GetRequiredService<JackpotDirectory>().ReloadAsync(deadline.Token),
            services.LoadPlayersAsync(deadline.Token));
    }

    static async Task LoadKeysAsync(DedupeWindows windows, CancellationToken ct)
    {
        await windows.RefreshAsync(ct);
        await windows.LoadFiltersAsync(ct);
    }

    static async Task LoadSealingKeyAsync(IServiceProvider services, CancellationToken ct)
    {
        var dapr = services.GetRequiredService<DaprClient>();
        await dapr.WaitForSidecarAsync(ct);
        await services.GetRequiredService<SealingKey>().LoadAsync(dapr, ct);
    }
}
