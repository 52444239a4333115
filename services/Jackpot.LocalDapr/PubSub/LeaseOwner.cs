using System.Security.Cryptography;
using Npgsql;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>
/// Says who holds a lease: a number that this process keeps locked in the database for as long as it lives. Messages leased by a number that
/// nobody holds any more belong to a process that died, and are free. When the lock's connection breaks the same number is locked again, so that
/// a process that starts later does not take what this one has in hand.
/// </summary>
sealed partial class LeaseOwner : IAsyncDisposable
{
    const int LockClass = 0x4C44_504C;

    static readonly TimeSpan HoldRetry = TimeSpan.FromMilliseconds(200);

    readonly NpgsqlDataSource _database;
    readonly ILogger _logger;
    readonly CancellationTokenSource _end = new();
    readonly Task _keeping;

    LeaseOwner(NpgsqlDataSource database, NpgsqlConnection connection, int id, ILogger logger)
    {
        (_database, _logger, Id) = (database, logger, id);
        _keeping = KeepAsync(connection);
    }

    public int Id { get; }

    /// <param name="database">Without a pool: a pool would keep the connection open, and the lock held, after its user is gone.</param>
    /// <param name="schema">Quoted.</param>
    /// <param name="logger">Is told when the lock was lost.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<LeaseOwner> StartAsync(NpgsqlDataSource database, string schema, ILogger logger, CancellationToken cancellation)
    {
        var id = RandomNumberGenerator.GetInt32(1, int.MaxValue);
        var connection = await HoldAsync(database, id, cancellation);
        try
        {
            await FreeAsync(connection, schema, cancellation);
            return new LeaseOwner(database, connection, id, logger);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    static async Task<NpgsqlConnection> HoldAsync(NpgsqlDataSource database, int id, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            await using var hold = new NpgsqlCommand("SELECT pg_advisory_lock($1, $2)", connection) { Parameters = { new() { Value = LockClass }, new() { Value = id } } };
            await hold.ExecuteNonQueryAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Only at the start: whoever lost the lock together with this process is about to take it again as well.</summary>
    static async Task FreeAsync(NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        await using var free = new NpgsqlCommand($"""
            UPDATE {schema}.message SET leased_by = NULL, visible_at = now()
            WHERE leased_by IS NOT NULL AND NOT EXISTS (
              SELECT FROM pg_locks
              WHERE locktype = 'advisory' AND classid = $1 AND objid::bigint = leased_by AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """, connection)
        { Parameters = { new() { Value = (long)LockClass } } };
        await free.ExecuteNonQueryAsync(cancellation);
    }

    async Task KeepAsync(NpgsqlConnection? connection)
    {
        while (true)
        {
            try
            {
                connection ??= await HoldAsync(_database, Id, _end.Token);
                await connection.WaitAsync(_end.Token);
            }
            catch (Exception) when (_end.IsCancellationRequested)
            {
                await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
                return;
            }
#pragma warning disable CA1031 // Whatever became of the connection, the lock must be taken again.
            catch (Exception lost)
#pragma warning restore CA1031
            {
                LogLost(lost);
                await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
                connection = null;
                await Task.Delay(HoldRetry, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _keeping;
        _end.Dispose();
    }

    [LoggerMessage(1222, LogLevel.Warning, "The connection that holds this process's leases is lost; they are held again as soon as the database answers")]
    partial void LogLost(Exception cause);
}
