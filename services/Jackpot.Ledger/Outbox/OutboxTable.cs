using System.Globalization;
using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Parking;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Outbox;

/// <summary>The outbox's rows as the relay reads, parks and deletes them, always on the connection by which it leads.</summary>
internal sealed class OutboxTable(ParkedRows parked, TimeProvider clock)
{
    /// <summary>Most rows of one page.</summary>
    public const int RowsMax = 200;

    /// <summary>A page ends with the row that passes so many characters; most pages are far smaller.</summary>
    const int PageCharsMax = 16 << 20;

    public static async Task<List<OutboxRow>> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"SELECT id, kind, payload, created_at FROM outbox ORDER BY id LIMIT {RowsMax}", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (rows, chars) = (new List<OutboxRow>(), 0L);
        while (chars < PageCharsMax && await reader.ReadAsync(ct))
        {
            rows.Add(new OutboxRow(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)));
            chars += rows[^1].Payload.Length;
        }

        return rows;
    }

    /// <summary>Since when the first event has waited; null when none does.</summary>
    public static async Task<DateTimeOffset?> OldestAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT created_at FROM outbox ORDER BY id LIMIT 1");
        return await command.ExecuteScalarAsync(ct) is DateTime oldest ? oldest : null;
    }

    public static async Task<OutboxBlocks> BlocksAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            SELECT coalesce(array_agg(DISTINCT k.key), '{"{}"}'), count(DISTINCT p.id) FILTER (WHERE p.waiting)
            FROM parked_row p CROSS JOIN LATERAL unnest(p.order_keys) AS k (key) WHERE p.source = '{ParkingSource.Outbox}'
            """, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new OutboxBlocks(new HashSet<string>(row.GetFieldValue<string[]>(0), StringComparer.Ordinal), row.GetInt64(1));
    }

    /// <summary>
    /// Moves rows from the outbox to the parked ones. False when somebody has released rows meanwhile: then nothing is moved, and the page must be
    /// read again, since what was released stands before it.
    /// </summary>
    public async Task<bool> ParkAsync(
        NpgsqlConnection connection, IReadOnlyList<RowToPark> rows, IReadOnlyList<OutboxRow> shortened, OutboxBlocks known, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ParkedRows.LockAsync(connection, ct);
        if (!known.Keys.SetEquals((await BlocksAsync(connection, ct)).Keys))
        {
            return false;
        }

        foreach (var row in rows)
        {
            await parked.ParkAsync(connection, row, ct);
        }

        var kept = shortened.Select(row => row.Id).ToHashSet();
        await DeleteAsync(connection, [.. rows.Select(row => long.Parse(row.Key, CultureInfo.InvariantCulture)).Where(id => !kept.Contains(id))], ct);
        foreach (var row in shortened)
        {
            await using var shorten = new NpgsqlCommand("UPDATE outbox SET payload = $2 WHERE id = $1", connection);
            shorten.Parameters.Add(new NpgsqlParameter<long> { TypedValue = row.Id });
            shorten.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Payload });
            await shorten.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Not worth waiting for a flush: rows that a crash brings back are published again, as after any fault.</summary>
    public static async Task ForgetAsync(NpgsqlConnection connection, List<long> ids, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('synchronous_commit', 'off', true)"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Delete) { Parameters = { Ids(ids) } });
        await batch.ExecuteNonQueryAsync(ct);
    }

    const string Delete = "DELETE FROM outbox WHERE id = ANY ($1)";

    static async Task DeleteAsync(NpgsqlConnection connection, List<long> ids, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Delete, connection) { Parameters = { Ids(ids) } };
        await command.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlParameter<long[]> Ids(List<long> ids) => new() { TypedValue = [.. ids], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    /// <summary>Notes what every pool holds now. A jackpot whose definition names no currency cannot be published.</summary>
    public async Task NoteAllAsync(NpgsqlConnection connection, PoolNews news, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            SELECT p.pool_id, j.jackpot_id, s.cycle, js.sequence, least(s.increment::numeric + s.seed, {long.MaxValue})::bigint, coalesce(j.definition ->> 'currency', '')
            FROM pool p JOIN pool_state s ON s.id = p.id JOIN jackpot j ON j.id = p.jackpot JOIN jackpot_state js ON js.id = j.id
            """, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            if (Currency.TryParse(row.GetString(5), out var currency))
            {
                news.Note(new PoolUpdated(
                    row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), new Money(row.GetInt64(4), currency), clock.GetUtcNow()));
            }
        }
    }
}
