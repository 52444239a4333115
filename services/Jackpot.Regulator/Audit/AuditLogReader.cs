using Jackpot.Core.Audit;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Regulator.Audit;

/// <summary>What the walk through the whole audit log came to: how many entries, the last one's hash, and the numbers at which the chain is broken.</summary>
internal sealed record AuditChainVerdict(long Entries, string Head, IReadOnlyList<long> Broken);

/// <summary>Reads the audit log, and walks through its chain.</summary>
internal sealed class AuditLogReader(NpgsqlDataSource database)
{
    /// <summary>Most entries of one page.</summary>
    public const int PageMax = 1_000;

    /// <summary>Entries after a number, in order.</summary>
    public async Task<List<ChainedAuditEntry>> ReadAsync(long afterNumber, int atMost, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await ReadAsync(connection, afterNumber, atMost, ct);
    }

    /// <summary>Every entry against the one before it, from one snapshot.</summary>
    public async Task<AuditChainVerdict> VerifyAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var (entries, last, broken) = (0L, (ChainedAuditEntry?)null, new List<long>());
        // Numbers may have been tampered with as well, so pages are cut by what was read and not by what should be there.
        for (var page = await ReadAsync(connection, 0, PageMax, ct); page.Count > 0; page = await ReadAsync(connection, last!.Entry.Number, PageMax, ct))
        {
            broken.AddRange(AuditChain.Broken(page, last));
            entries += page.Count;
            last = page[^1];
        }

        return new AuditChainVerdict(entries, (last?.Hash ?? default).ToString(), broken);
    }

    /// <summary>Entries after a number, in order.</summary>
    internal static async Task<List<ChainedAuditEntry>> ReadAsync(NpgsqlConnection connection, long afterNumber, int atMost, CancellationToken ct)
    {
        await using var command = LongRead.Command(connection, $"SELECT {AuditLog.Columns} FROM audit_entry WHERE number > $1 ORDER BY number LIMIT $2");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = afterNumber });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = atMost });
        return await AuditLog.EntriesAsync(command, ct);
    }
}
