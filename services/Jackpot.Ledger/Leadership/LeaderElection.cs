using Npgsql;

namespace Jackpot.Ledger.Leadership;

/// <summary>Work that one replica of the shard does at a time; the value is the advisory lock's key.</summary>
internal enum LeaderRole : long
{
    OutboxRelay = 0x4A50_4F55_5442_4F58, // "JPOUTBOX"
    Balancing = 0x4A50_4241_4C41_4E43, // "JPBALANC"
    Archive = 0x4A50_4152_4348_4956, // "JPARCHIV"
    AuditSeals = 0x4A50_4153_4541_4C53, // "JPASEALS"
    Reconciliation = 0x4A50_5245_434F_4E43, // "JPRECONC"
}

/// <summary>
/// The one way in which replicas agree on who does work that only one may do: whoever holds the role's advisory lock. The lock lives on a
/// connection that is opened for it and closed with it, never in a pool: a pool keeps a connection alive whose user has failed, and the
/// lock with it. See docs/adr/0007.
/// </summary>
internal sealed class LeaderElection(NpgsqlDataSource unpooled) : IAsyncDisposable
{
    /// <summary>
    /// So that the server notices within seconds, also while it runs a statement of ours, that this process or its machine is gone.
    /// </summary>
    const string NoticeLoss = "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2 -c client_connection_check_interval=1000";

    public static LeaderElection Of(string connectionString) => new(NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        ApplicationName = "jackpot-shard-leader",
        Options = NoticeLoss,
        Pooling = false,
    }));

    /// <summary>Null when another replica leads. Whoever leads does so until the leadership is disposed of or its connection breaks.</summary>
    public async Task<Leader?> TryLeadAsync(LeaderRole role, CancellationToken ct)
    {
        var connection = await unpooled.OpenConnectionAsync(ct);
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)role });
            if (await command.ExecuteScalarAsync(ct) is true)
            {
                (var led, connection) = (connection, null);
                return new Leader(led, role);
            }

            return null;
        }
        finally
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    public ValueTask DisposeAsync() => unpooled.DisposeAsync();
}

/// <summary>
/// A held role. What only the leader may write is written on <see cref="Connection"/>: when the lock is lost, so is the connection, and
/// nothing can be written by somebody who believes to lead and does not any more.
/// </summary>
internal sealed class Leader(NpgsqlConnection connection, LeaderRole role) : IAsyncDisposable
{
    const int UnlockSecondsMax = 1;

    public NpgsqlConnection Connection => connection;

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Closing frees the lock too, but the server may do so a moment after this process has gone on.
            await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection) { CommandTimeout = UnlockSecondsMax };
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)role });
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken or in a failed transaction; then its end frees the lock.
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }
}
