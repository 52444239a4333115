using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Epochs;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Leadership;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Outbox;
using Jackpot.Ledger.Parking;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Storage;
using Jackpot.Ledger.Telemetry;
using Npgsql;

namespace Jackpot.Ledger;

/// <summary>
/// The ledger in a host's services. What it cannot know the host adds: <see cref="ShardOptions"/>, a <see cref="CycleVault"/>, <see cref="LoopTools"/>,
/// who records batches (<see cref="IBatchRecorders"/>), and how the archive job is run soon (<see cref="RunArchiveSoon"/>).
/// </summary>
internal static class LedgerRegistration
{
    /// <summary>Statements that a connection keeps prepared: the commit's, and the reads'.</summary>
    const int PreparedMax = 64;

    /// <summary>Connections of one process: the relay's and the reads'; batchers have as many of their own.</summary>
    const int ConnectionsMax = 40;

    const long BytesPerMegabyte = 1 << 20;

    public static void AddLedger(this IServiceCollection services, string? connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "jackpot-shard",
            MaxAutoPrepare = PreparedMax,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            MaxPoolSize = ConnectionsMax,
        };
        services.AddSingleton(_ => new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = "shard" }.Build());
        services.AddSingleton(_ => BatchDatabase.Of(connection.ConnectionString));
        services.AddSingleton(_ => LeaderElection.Of(connection.ConnectionString));
        services.AddSingleton<ShardMetrics>();
        services.AddSingleton(provider => new DedupeWindows(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<ShardOptions>().DedupeFilterMegabytes * BytesPerMegabyte));
        services.AddSingleton<StoredContributions>().AddSingleton<VoidClaims>().AddSingleton<ShardEpochs>().AddSingleton<AuditLog>();
        services.AddSingleton<JackpotDirectory>().AddSingleton<JackpotReader>().AddSingleton<BatcherDirectory>();
        services.AddSingleton<OutboxSignal>().AddSingleton<OutboxTable>().AddSingleton<ParkedRows>();
        services.AddSingleton<ArchiveJob>().AddSingleton<ArchivedRows>();
        services.AddHostedService<PartitionKeeper>();
        services.AddHostedService<StatisticsKeeper>();
        services.AddSingleton<DedupeKeeper>().AddHostedService(provider => provider.GetRequiredService<DedupeKeeper>());
    }
}
