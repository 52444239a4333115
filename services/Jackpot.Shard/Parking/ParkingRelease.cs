using System.Globalization;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Outbox;
using Jackpot.Ledger.Parking;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Problems;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Parking;

/// <summary>What staff may do with a parked row.</summary>
internal enum ParkingStep
{
    /// <summary>It is tried again, in its place before everything that waited for it.</summary>
    Release,

    /// <summary>It is given up, and what waited for it goes on. The audit log keeps what it said.</summary>
    Discard,
}

/// <summary>Ends the parking of a row. One step of one staff user, audited in the same transaction.</summary>
internal sealed class ParkingRelease(NpgsqlDataSource database, AuditLog audit, OutboxSignal outbox)
{
    /// <summary>Most that the audit log keeps of an event that is given up.</summary>
    const int PayloadCharsMax = 16_000;

    public async Task<Verdict<ParkedRow>> StepAsync(long id, ParkingStep step, string staffUser, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await AuditLog.LockAsync(transaction, ct);
        await ParkedRows.LockAsync(connection, ct);
        if ((await ParkedRows.ListAsync(connection, null, id - 1, 1, ct)).SingleOrDefault() is not { } row || row.Id != id)
        {
            return new Refused(Refusal.NotFound, "no row of that id is parked; GET /v1/admin/parked-rows lists those that are");
        }

        if (row.Waiting)
        {
            return new Refused(Refusal.NotInThisState, $"this row waits for an earlier one of {string.Join(", ", row.OrderKeys)}; release or discard that one");
        }

        var lost = step == ParkingStep.Discard ? await PayloadAsync(connection, id, ct) : "";
        await (step == ParkingStep.Release ? GoOnAsync(connection, [id], ct) : DeleteAsync(connection, id, ct));
        await GoOnAsync(connection, await FreedAsync(connection, ct), ct);
        await audit.AppendAsync(transaction, new AuditedStep($"parked row {row.Source} {row.Key}", step == ParkingStep.Release ? "release" : "discard", staffUser, why)
        {
            Before = string.Create(CultureInfo.InvariantCulture, $"parked {row.ParkedAt:O}: {row.Reason}{(lost.Length == 0 ? "" : $"; {row.Kind}: {lost}")}"),
        }, ct);
        await transaction.CommitAsync(ct);
        outbox.Raise();
        return row;
    }

    static async Task<string> PayloadAsync(NpgsqlConnection connection, long id, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"SELECT left(payload, {PayloadCharsMax}) FROM parked_row WHERE id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    static async Task DeleteAsync(NpgsqlConnection connection, long id, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("DELETE FROM parked_row WHERE id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Events get their old ids back, so that they stand before whatever was written since. Rows of other sources are where they were.</summary>
    static async Task GoOnAsync(NpgsqlConnection connection, List<long> ids, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            WITH gone AS (DELETE FROM parked_row WHERE id = ANY ($1) RETURNING source, key, kind, payload, created_at)
            INSERT INTO outbox (id, kind, payload, created_at) OVERRIDING SYSTEM VALUE
            SELECT key::bigint, kind, payload, created_at FROM gone WHERE source = '{ParkingSource.Outbox}'
            ON CONFLICT (id) DO UPDATE SET payload = jp_join_recorded(outbox.payload, excluded.payload)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. ids], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Events that waited and stand behind nothing any more, neither a parked event nor one that goes on waiting.</summary>
    static async Task<List<long>> FreedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            SELECT id, order_keys, waiting FROM parked_row WHERE source = '{ParkingSource.Outbox}' ORDER BY waiting, key::bigint
            """, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        var (freed, held) = (new List<long>(), new HashSet<string>(StringComparer.Ordinal));
        while (await row.ReadAsync(ct))
        {
            var keys = row.GetFieldValue<string[]>(1);
            if (row.GetBoolean(2) && !held.Overlaps(keys))
            {
                freed.Add(row.GetInt64(0));
            }
            else
            {
                held.UnionWith(keys);
            }
        }

        return freed;
    }
}
