using Jackpot.Contracts.Audit;
using Jackpot.Core.Audit;
using Jackpot.Core.Chain;
using Npgsql;

namespace Jackpot.Ledger.Audit;

/// <summary>The seals of this shard's audit log. Whoever makes one leads <see cref="Leadership.LeaderRole.AuditSeals"/> and works on that connection.</summary>
internal sealed class AuditSeals(TimeProvider clock)
{
    const int DocumentsMax = 100;

    /// <summary>Makes every seal that is due, each in a transaction of its own. Answers how many.</summary>
    public async Task<int> SealAsync(NpgsqlConnection connection, string shard, Func<AuditSeal, SignedSeal> sign, CancellationToken ct)
    {
        for (var made = 0; ; made++)
        {
            // One snapshot, so that entries and heads are of one moment.
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
            var last = await LastAsync(connection, ct);
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (!AuditSeal.IsDue(last, await WaitingAsync(connection, last?.Next ?? 1, ct), now))
            {
                return made;
            }

            var seal = sign(AuditSeal.After(last, shard, now, await EntriesAsync(connection, last?.Next ?? 1, ct), await HeadsAsync(connection, ct)));
            await using var insert = new NpgsqlCommand("INSERT INTO audit_seal (number, document) VALUES ($1, $2)", connection);
            insert.Parameters.Add(new NpgsqlParameter<long> { TypedValue = seal.Seal.Number });
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = seal.ToJson() });
            await insert.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
        }
    }

    /// <summary>Documents of seals after a number, in order, a page of them.</summary>
    public static Task<List<(long Number, string Document)>> ReadAsync(NpgsqlConnection connection, long after, CancellationToken ct) =>
        DocumentsAsync(connection, $"SELECT number, document FROM audit_seal WHERE number > $1 ORDER BY number LIMIT {DocumentsMax}", after, ct);

    /// <summary>Those that the store has not been seen to have, in order, a page of them.</summary>
    public static Task<List<(long Number, string Document)>> ToStoreAsync(NpgsqlConnection connection, CancellationToken ct) =>
        DocumentsAsync(connection, $"SELECT number, document FROM audit_seal WHERE stored_at IS NULL AND number > $1 ORDER BY number LIMIT {DocumentsMax}", 0, ct);

    /// <summary>Notes that the store has it.</summary>
    public async Task StoredAsync(NpgsqlConnection connection, long number, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("UPDATE audit_seal SET stored_at = $2 WHERE number = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task<List<(long Number, string Document)>> DocumentsAsync(NpgsqlConnection connection, string sql, long after, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        await using var row = await command.ExecuteReaderAsync(ct);
        var documents = new List<(long, string)>();
        while (await row.ReadAsync(ct))
        {
            documents.Add((row.GetInt64(0), row.GetString(1)));
        }

        return documents;
    }

    static async Task<AuditSeal?> LastAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT document FROM audit_seal ORDER BY number DESC LIMIT 1", connection);
        return await command.ExecuteScalarAsync(ct) is string document ? SignedSeal.Parse(document).Seal : null;
    }

    static async Task<long> WaitingAsync(NpgsqlConnection connection, long from, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT count(*) FROM audit_entry WHERE number >= $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    static async Task<List<ChainedAuditEntry>> EntriesAsync(NpgsqlConnection connection, long from, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {AuditLog.Columns} FROM audit_entry WHERE number >= $1 ORDER BY number LIMIT {AuditSeal.EntriesMax}", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        return await AuditLog.EntriesAsync(command, ct);
    }

    static async Task<List<JackpotHead>> HeadsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT j.jackpot_id, s.sequence, s.chain_head FROM jackpot_state s JOIN jackpot j ON j.id = s.id", connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        var heads = new List<JackpotHead>();
        while (await row.ReadAsync(ct))
        {
            heads.Add(new JackpotHead(row.GetString(0), row.GetInt64(1), new Hash32(row.GetFieldValue<byte[]>(2))));
        }

        return heads;
    }
}
