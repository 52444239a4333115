using Npgsql;

namespace Jackpot.LocalProcesses.Postgres;

/// <summary>
/// How the local cluster's PostgreSQL differs from what it does by itself; durability is its default. The benchmark's baselines run under the
/// same settings.
/// </summary>
public static class ClusterSettings
{
    /// <summary>
    /// "name=value". After kill -9 PostgreSQL is back when it has replayed everything since its last complete checkpoint began: at most 640 MB,
    /// where its defaults (1 GB, 0.9) allow 1 GB. Checkpoints begin after as much log as by default (640 MB / 1.2), so none is added; each is
    /// over sooner.
    /// </summary>
    public static readonly IReadOnlyList<string> All = ["shared_buffers=1GB", "max_wal_size=640MB", "checkpoint_completion_target=0.2"];

    /// <summary>
    /// After a checkpoint the log holds whole pages, of random keys mostly empty ones. Not among the settings of the start: a server that was
    /// built without lz4 would refuse to start, and so it writes them as they are.
    /// </summary>
    public static async Task CompressPagesAsync(NpgsqlConnection connection, CancellationToken cancellation = default)
    {
        try
        {
            await using var compress = new NpgsqlCommand("ALTER SYSTEM SET wal_compression = lz4", connection);
            await compress.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            return;
        }
        await using var reload = new NpgsqlCommand("SELECT pg_reload_conf()", connection);
        await reload.ExecuteNonQueryAsync(cancellation);
    }
}
