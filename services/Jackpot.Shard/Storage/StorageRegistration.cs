using Jackpot.Shard.Leadership;
using Jackpot.Shard.Loops;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Storage.Archive;
using Jackpot.Shard.Storage.Dedupe;
using Npgsql;

namespace Jackpot.Shard.Storage;

internal static class StorageRegistration
{
    /// <summary>Of the connection string of the shard's database.</summary>
    public const string ConnectionName = "Shard";

    /// <summary>Statements that a connection keeps prepared: the commit's, and the reads'.</summary>
    const int PreparedMax = 64;

    /// <summary>Connections of one process: the relay's and the reads'; lanes have as many of their own.</summary>
    const int ConnectionsMax = 40;

    const long BytesPerMegabyte = 1 << 20;

    public static void AddStorage(this WebApplicationBuilder builder)
    {
        var connection = new NpgsqlConnectionStringBuilder(builder.Configuration.GetConnectionString(ConnectionName))
        {
            ApplicationName = "jackpot-shard",
            MaxAutoPrepare = PreparedMax,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            MaxPoolSize = ConnectionsMax,
        };
        builder.Services.AddSingleton(_ => new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = "shard" }.Build());
        builder.Services.AddSingleton(_ => LaneDatabase.Of(connection.ConnectionString));
        builder.Services.AddSingleton(_ => LeaderElection.Of(connection.ConnectionString));
        builder.Services.AddSingleton<LoopTools>();
        builder.Services.AddSingleton(services => new DedupeWindows(
            services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<ShardOptions>().DedupeFilterMegabytes * BytesPerMegabyte));
        builder.Services.AddSingleton<ShardEpochs>();
        builder.Services.AddHostedService<PartitionKeeper>();
        builder.Services.AddHostedService<StatisticsKeeper>();
        builder.Services.AddSingleton<ArchiveJob>().AddSingleton<ArchivedRows>();
        builder.Services.AddSingleton<ArchiveSchedule>().AddHostedService(services => services.GetRequiredService<ArchiveSchedule>());
        builder.Services.AddSingleton<DedupeKeeper>().AddHostedService(services => services.GetRequiredService<DedupeKeeper>());
    }
}
