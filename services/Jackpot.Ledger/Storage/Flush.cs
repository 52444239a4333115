using Npgsql;

namespace Jackpot.Ledger.Storage;

/// <summary>
/// What is acknowledged because it was found stored already must be flushed first: with a synchronous standby the row that was found may be
/// committed here and not yet there. PostgreSQL's log is in order, so a commit that writes anything waits for everything before it.
/// </summary>
internal static class Flush
{
    /// <summary>Writes something that has no effect; the commit after it waits for the disk and the standby.</summary>
    public const string Statement = "SELECT pg_logical_emit_message(true, 'jackpot', '')";

    /// <summary>Ends a transaction that only found what was wanted.</summary>
    public static async Task CommitAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Statement, transaction.Connection);
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
