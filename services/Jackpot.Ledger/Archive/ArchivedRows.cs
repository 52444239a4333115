using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Ledger.Archive;

/// <summary>Has the host run the <see cref="ArchiveJob"/> soon, without waiting for it.</summary>
internal delegate Task RunArchiveSoon(CancellationToken ct);

/// <summary>What readers of old contributions ask first: whether all the rows they will read are in the tables.</summary>
internal sealed class ArchivedRows(NpgsqlDataSource database, RunArchiveSoon runSoon, TimeProvider clock)
{
    /// <summary>SQL: days whose rows are in the archive, or can be gone at any moment.</summary>
    public const string Days = "(SELECT day FROM archived_partition WHERE state IN ('leaving', 'dropped'))";

    /// <summary>
    /// Returns when the jackpot's rows after one sequence and through another are all in the tables. Otherwise asks for them to be read back and
    /// throws <see cref="ArchivedRowsException"/>: the endpoint answers 503 and the caller comes again.
    /// </summary>
    /// <param name="snapshot">The reader's own transaction, or a fresh connection; in a snapshot the answer holds to its end.</param>
    /// <param name="jackpot">The jackpot's number.</param>
    /// <param name="afterSequence">Exclusive.</param>
    /// <param name="throughSequence">Inclusive.</param>
    /// <param name="ct">Gives up.</param>
    public async Task RequireAsync(NpgsqlConnection snapshot, int jackpot, long afterSequence, long throughSequence, CancellationToken ct)
    {
        try
        {
            await CheckAsync(snapshot, new RowRange(jackpot, afterSequence, throughSequence), ct);
        }
        catch (ArchivedRowsException missing)
        {
            await AskAsync(missing, ct);
            throw;
        }
    }

    /// <summary>
    /// Reads rows in a transaction that sees what others commit meanwhile and may hold locks. Throws <see cref="ArchivedRowsException"/> when some
    /// are in the archive; whoever began the transaction ends it and then calls <see cref="AskAsync"/>, so that no lock waits for the sidecar.
    /// </summary>
    public static async Task<T> ReadAsync<T>(NpgsqlConnection connection, RowRange range, Func<Task<T>> read, CancellationToken ct)
    {
        // A day that is held cannot come back after it left, so one that was there before and is there afterwards was there in between.
        await HoldAsync(connection, ct);
        await CheckAsync(connection, range, ct);
        var rows = await read();
        await CheckAsync(connection, range, ct);
        return rows;
    }

    /// <summary>Has the rows read back that somebody missed.</summary>
    public async Task AskAsync(ArchivedRowsException missing, CancellationToken ct)
    {
        await using var command = database.CreateCommand("UPDATE archived_partition SET wanted_at = $2 WHERE day = ANY ($1)");
        command.Parameters.Add(new NpgsqlParameter<DateOnly[]> { TypedValue = [.. missing.Days] });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() });
        await command.ExecuteNonQueryAsync(ct);
        await runSoon(ct);
    }

    /// <summary>Keeps readers' rows in the tables until their transaction ends. Call before its first query.</summary>
    public static async Task HoldAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("LOCK TABLE contribution IN ACCESS SHARE MODE", connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task CheckAsync(NpgsqlConnection connection, RowRange range, CancellationToken ct)
    {
        var missing = new List<(DateOnly Day, string? Fault)>();
        await using var command = LongRead.Command(connection, """
            SELECT a.day, a.fault FROM archived_partition a
            WHERE a.state IN ('leaving', 'dropped') AND a.day >= $4
              AND a.day IN (SELECT b.day FROM batch b WHERE b.jackpot = $1 AND b.first_sequence > $2 AND b.first_sequence <= $3)
            ORDER BY a.day
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = range.Jackpot });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = range.AfterSequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = range.ThroughSequence });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = range.Since });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            missing.Add(Missing(rows));
        }

        Require(missing);
    }

    /// <summary>A row of day and fault, as a check selects them.</summary>
    public static (DateOnly Day, string? Fault) Missing(NpgsqlDataReader row) => (row.GetFieldValue<DateOnly>(0), row.IsDBNull(1) ? null : row.GetString(1));

    /// <exception cref="ArchivedRowsException">Some days are missing.</exception>
    public static void Require(List<(DateOnly Day, string? Fault)> missing)
    {
        if (missing.Count > 0)
        {
            throw new ArchivedRowsException([.. missing.Select(day => day.Day)], [.. missing.Select(day => day.Fault).OfType<string>()]);
        }
    }
}

/// <summary>A jackpot's rows after one sequence and through another, without those of days before <see cref="Since"/>.</summary>
/// <param name="Jackpot">The jackpot's number.</param>
/// <param name="AfterSequence">Exclusive.</param>
/// <param name="ThroughSequence">Inclusive.</param>
/// <param name="Since">The first UTC day whose rows are read; the first of all days unless told.</param>
internal readonly record struct RowRange(int Jackpot, long AfterSequence, long ThroughSequence, DateOnly Since = default);

/// <summary>Some of the rows are in files only.</summary>
internal sealed class ArchivedRowsException(IReadOnlyList<DateOnly> days, IReadOnlyList<string> faults)
    : Exception($"The contributions of {days.Count} days from {days[0]:yyyy-MM-dd} to {days[^1]:yyyy-MM-dd} are in the archive.")
{
    public IReadOnlyList<DateOnly> Days => days;

    /// <summary>Whether asking again is of no use, since a file of theirs cannot be read.</summary>
    public bool IsUnreadable => faults.Count > 0;

    public string Detail => faults.Count > 0
        ? string.Join("; ", faults)
        : $"{Message} They are being read back; ask again, for a large day after some minutes.";
}
