using Jackpot.Ledger.Telemetry;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Parking;

/// <summary>
/// Puts rows aside that a loop could not handle for a reason in the row: kept with the reason, counted, told as an error, and passed over until
/// staff release them. What stands behind such a row goes on, except what shares one of its order keys.
/// </summary>
internal sealed partial class ParkedRows(NpgsqlDataSource database, ShardMetrics metrics, TimeProvider clock, ILogger<ParkedRows> log)
{
    const int ReasonCharsMax = 1_000;

    /// <summary>Parks one row of a source whose rows stay where they are. Nothing happens when it is parked already; a part of an event joins the other.</summary>
    public async Task ParkAsync(RowToPark row, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await ParkAsync(connection, row, ct);
    }

    /// <inheritdoc cref="ParkAsync(RowToPark, CancellationToken)"/>
    /// <param name="connection">With the caller's transaction, if there is one.</param>
    /// <param name="row">The row.</param>
    /// <param name="ct">Gives up.</param>
    public async Task ParkAsync(NpgsqlConnection connection, RowToPark row, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            INSERT INTO parked_row (source, key, order_keys, waiting, reason, kind, payload, created_at, parked_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (source, key) DO UPDATE SET
                waiting = parked_row.waiting AND excluded.waiting, reason = excluded.reason, order_keys = parked_row.order_keys || excluded.order_keys,
                payload = jp_join_recorded(parked_row.payload, excluded.payload)
            WHERE parked_row.source = 'outbox'
            """, connection);
        var now = clock.GetUtcNow();
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Source });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Key });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. row.OrderKeys], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = row.Waiting });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Text(row.Reason) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Kind });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Payload });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = row.CreatedAt ?? now });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        if (await command.ExecuteNonQueryAsync(ct) > 0 && !row.Waiting)
        {
            metrics.RowParked(row.Source);
            LogParked(log, row.Source, row.Key, row.Reason);
        }
    }

    /// <summary>A message of an exception can hold anything; the table takes no NUL, and half a surrogate pair cannot be sent.</summary>
    static string Text(string reason)
    {
        var cut = reason.Length <= ReasonCharsMax ? reason : reason[..ReasonCharsMax];
        return string.Concat(cut.EnumerateRunes().Select(rune => rune.Value == 0 ? "\uFFFD" : rune.ToString()));
    }

    /// <summary>Whoever parks rows of the outbox or ends their parking waits here for each other; readers do not.</summary>
    public static async Task LockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("LOCK TABLE parked_row IN SHARE ROW EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The oldest parked rows after one.</summary>
    /// <param name="connection">The caller's.</param>
    /// <param name="source">Of this source; null for all.</param>
    /// <param name="after">With a higher id.</param>
    /// <param name="atMost">Rows.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<List<ParkedRow>> ListAsync(NpgsqlConnection connection, string? source, long after, int atMost, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT id, source, key, order_keys, waiting, reason, kind, created_at, parked_at FROM parked_row
            WHERE ($1 IS NULL OR source = $1) AND id > $2 ORDER BY id LIMIT $3
            """, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = atMost });
        await using var row = await command.ExecuteReaderAsync(ct);
        var rows = new List<ParkedRow>();
        while (await row.ReadAsync(ct))
        {
            rows.Add(new ParkedRow(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<string[]>(3), row.GetBoolean(4), row.GetString(5),
                row.GetString(6), row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8)));
        }

        return rows;
    }

    /// <summary>How many rows of each source are parked for a reason of their own, and since when the oldest.</summary>
    public async Task<List<(string Source, long Rows, DateTimeOffset Oldest)>> CountAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT source, count(*), min(parked_at) FROM parked_row WHERE NOT waiting GROUP BY source ORDER BY source");
        await using var row = await command.ExecuteReaderAsync(ct);
        var counts = new List<(string, long, DateTimeOffset)>();
        while (await row.ReadAsync(ct))
        {
            counts.Add((row.GetString(0), row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2)));
        }

        return counts;
    }

    [LoggerMessage(EventId = 710, Level = LogLevel.Error, Message = "Row {Key} of {Source} is parked until somebody releases it at /v1/admin/parked-rows: {Reason}")]
    static partial void LogParked(ILogger logger, string source, string key, string reason);
}
