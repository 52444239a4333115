using Jackpot.Core.Audit;
using Jackpot.Core.Chain;
using Npgsql;

namespace Jackpot.Ledger.Audit;

/// <summary>The audit log of this shard: every entry is chained to the one before it and committed with what it records.</summary>
internal sealed class AuditLog(TimeProvider clock)
{
    const long AdvisoryLock = 0x4A50_4155_4449_5431; // "JPAUDIT1"

    /// <summary>Of an entry, in the order in which <see cref="EntriesAsync"/> reads them.</summary>
    public const string Columns = "number, at_ms, component, action, person, authorised_by, why, before, after, previous, hash";

    /// <summary>Appends inside the caller's transaction. Writers wait for each other until theirs ends, for the chain has one tail.</summary>
    public async Task AppendAsync(NpgsqlTransaction transaction, AuditedStep step, CancellationToken ct)
    {
        await LockAsync(transaction, ct);
        var connection = transaction.Connection!;
        var last = await LastAsync(connection, ct);
        var entry = new AuditEntry(
            (last?.Entry.Number ?? 0) + 1, clock.GetUtcNow().ToUnixTimeMilliseconds(), step.Component, step.Action, step.StaffUser,
            step.AuthorisedBy, step.Why, step.Before, step.After);
        await InsertAsync(connection, AuditChain.Append(last, entry), ct);
    }

    /// <summary>
    /// Waits until this transaction alone may append, until it ends. Whoever appends takes this lock after those of jackpots and before any
    /// other, so that two cannot wait for each other.
    /// </summary>
    public static async Task LockAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var wait = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({AdvisoryLock})", transaction.Connection);
        await wait.ExecuteNonQueryAsync(ct);
    }

    static async Task<ChainedAuditEntry?> LastAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM audit_entry ORDER BY number DESC LIMIT 1", connection);
        return (await EntriesAsync(command, ct)).SingleOrDefault();
    }

    /// <summary>What a query of <see cref="Columns"/> finds.</summary>
    public static async Task<List<ChainedAuditEntry>> EntriesAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        var entries = new List<ChainedAuditEntry>();
        while (await row.ReadAsync(ct))
        {
            var entry = new AuditEntry(
                row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6),
                row.GetString(7), row.GetString(8));
            entries.Add(new ChainedAuditEntry(entry, new Hash32(row.GetFieldValue<byte[]>(9)), new Hash32(row.GetFieldValue<byte[]>(10))));
        }

        return entries;
    }

    static async Task InsertAsync(NpgsqlConnection connection, ChainedAuditEntry chained, CancellationToken ct)
    {
        var entry = chained.Entry;
        await using var command = new NpgsqlCommand(
            $"INSERT INTO audit_entry ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = entry.Number });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = entry.AtUnixMs });
        foreach (var text in new[] { entry.Component, entry.Action, entry.StaffUser, entry.AuthorisedBy, entry.Why, entry.Before, entry.After })
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        }

        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = chained.Previous.ToArray() });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = chained.Hash.ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>What the audit log records of one step; see <see cref="AuditEntry"/>. <see cref="AuthorisedBy"/>, before and after may be empty.</summary>
internal sealed record AuditedStep(string Component, string Action, string StaffUser, string Why)
{
    public string AuthorisedBy { get; init; } = "";

    public string Before { get; init; } = "";

    public string After { get; init; } = "";
}
