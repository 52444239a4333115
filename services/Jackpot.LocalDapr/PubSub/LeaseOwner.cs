using System.Security.Cryptography;
using Npgsql;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>
/// Says who holds a lease: a number that this process keeps locked in the database for as long as it lives. Messages leased by a number that
/// nobody holds any more belong to a process that died, and are free.
/// </summary>
sealed class LeaseOwner : IAsyncDisposable
{
    const int LockClass = 0x4C44_504C;

    readonly NpgsqlConnection _connection;

    LeaseOwner(NpgsqlConnection connection, int id)
    {
        _connection = connection;
        Id = id;
    }

    public int Id { get; }

    /// <param name="database">Without a pool: a pool would keep the connection open, and the lock held, after its user is gone.</param>
    /// <param name="schema">Quoted.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<LeaseOwner> StartAsync(NpgsqlDataSource database, string schema, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            return await HoldAsync(connection, schema, cancellation);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    static async Task<LeaseOwner> HoldAsync(NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        var id = RandomNumberGenerator.GetInt32(1, int.MaxValue);
        await using (var hold = new NpgsqlCommand("SELECT pg_advisory_lock($1, $2)", connection) { Parameters = { new() { Value = LockClass }, new() { Value = id } } })
        {
            await hold.ExecuteNonQueryAsync(cancellation);
        }
        await using var free = new NpgsqlCommand($"""
            UPDATE {schema}.message SET leased_by = NULL, visible_at = now()
            WHERE leased_by IS NOT NULL AND NOT EXISTS (
              SELECT FROM pg_locks
              WHERE locktype = 'advisory' AND classid = $1 AND objid::bigint = leased_by AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """, connection)
        { Parameters = { new() { Value = (long)LockClass } } };
        await free.ExecuteNonQueryAsync(cancellation);
        return new LeaseOwner(connection, id);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
