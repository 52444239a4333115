using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;

namespace Jackpot.LocalDapr.Storage;

/// <summary>Creates tables that are missing. Several processes may start at once, hence the lock.</summary>
static class Schema
{
    const long SchemaLock = 0x4C44_5343_484D;

    /// <summary>How long a server that is there, but starts, recovers or is too busy to answer, is asked again.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static async Task EnsureAsync(NpgsqlDataSource database, string sql, CancellationToken cancellation)
    {
        for (var begun = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                await CreateAsync(database, sql, cancellation);
                return;
            }
            catch (NpgsqlException fault) when (MayAnswerLater(fault) && Stopwatch.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <summary>Where nobody listens, nobody is waited for.</summary>
    static bool MayAnswerLater(NpgsqlException fault) =>
        fault.IsTransient && fault.InnerException is not SocketException { SocketErrorCode: SocketError.ConnectionRefused };

    static async Task CreateAsync(NpgsqlDataSource database, string sql, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var hold = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection, transaction) { Parameters = { new() { Value = SchemaLock } } })
        {
            await hold.ExecuteNonQueryAsync(cancellation);
        }
        await using (var create = new NpgsqlCommand(sql, connection, transaction))
        {
            await create.ExecuteNonQueryAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Quotes a name that came from a component file.</summary>
    public static string Quote(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
