using System.Globalization;
using Jackpot.Ledger.Leadership;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Parking;
using Jackpot.Ledger.Settings;
using Npgsql;

namespace Jackpot.Ledger.Archive;

/// <summary>The points at which a test lets the archive job die.</summary>
internal enum ArchivePoint
{
    FileWritten,
    FileNamed,
    Exported,
    Verified,
    Leaving,
    Detached,
    Dropped,
    RowsRestored,
}

/// <summary>
/// Moves old days of contributions from the tables into files, and back when somebody asks for them. Each step is recorded before the next
/// begins, and each can be done again: whoever comes after a death goes on at the recorded step. One run at a time.
/// </summary>
/// <param name="reached">For tests: called at each point.</param>
internal sealed partial class ArchiveJob(
    LeaderElection election, ParkedRows parked, ShardOptions options, TimeProvider clock, ILogger<ArchiveJob> log, Action<ArchivePoint>? reached = null)
{
    /// <summary>How long rows that were read back stay after somebody last asked for them.</summary>
    public static readonly TimeSpan RestoredKept = TimeSpan.FromDays(7);

    /// <summary>Does everything that is due. False when another run is at it.</summary>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        // No transaction: an open one would keep vacuum from the hot rows for as long as the run takes.
        await using var leader = await election.TryLeadAsync(LeaderRole.Archive, ct);
        if (leader is null)
        {
            return false;
        }

        await EachAsync(leader.Connection, await WantedAsync(leader.Connection, ct), RestoreAsync, ct);
        await EachAsync(leader.Connection, await DueAsync(leader.Connection, ct), ArchiveAsync, ct);
        return true;
    }

    /// <summary>Day by day. One that cannot be handled, for what its file or its rows say, is parked and does not keep the others back.</summary>
    async Task EachAsync(NpgsqlConnection connection, List<DateOnly> days, Func<NpgsqlConnection, DateOnly, CancellationToken, Task> handle, CancellationToken ct)
    {
        foreach (var day in days)
        {
            try
            {
                await handle(connection, day, ct);
            }
            catch (Exception fault) when (fault is InvalidDataException or FormatException or PostgresException && !DatabaseFault.IsOutage(fault))
            {
                await parked.ParkAsync(new RowToPark(ParkingSource.Archive, Text(day), [], fault.Message), ct);
            }
        }
    }

    /// <summary>Days to be archived: attached and old enough, begun and not finished, or read back and not asked for any more.</summary>
    async Task<List<DateOnly>> DueAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var due = new NpgsqlCommand($"""
            WITH returned AS (
                UPDATE archived_partition SET state = 'verified', changed_at = $2
                WHERE state = 'restored' AND coalesce(wanted_at, '-infinity') < $2 - $3::interval RETURNING day)
            SELECT day FROM (SELECT day FROM returned
            UNION SELECT day FROM archived_partition WHERE state IN ('exported', 'verified', 'leaving')
            UNION SELECT d.day FROM (
                SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS day FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = 'contribution'::regclass) d
            WHERE d.day < least($1, (clock_timestamp() AT TIME ZONE 'UTC')::date) - $4
              AND NOT EXISTS (SELECT FROM archived_partition a WHERE a.day = d.day)) days
            WHERE NOT EXISTS (SELECT FROM parked_row r WHERE r.source = '{ParkingSource.Archive}' AND r.key = days.day::text)
            ORDER BY day
            """, connection);
        var now = clock.GetUtcNow();
        due.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = DateOnly.FromDateTime(now.UtcDateTime) });
        due.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        due.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = RestoredKept });
        due.Parameters.Add(new NpgsqlParameter<int> { TypedValue = options.ContributionsKeptDays });
        await using var rows = await due.ExecuteReaderAsync(ct);
        var days = new List<DateOnly>();
        while (await rows.ReadAsync(ct))
        {
            days.Add(rows.GetFieldValue<DateOnly>(0));
        }

        return days;
    }

    async Task ArchiveAsync(NpgsqlConnection connection, DateOnly day, CancellationToken ct)
    {
        var archived = await FindAsync(connection, day, ct) ?? await ExportAsync(connection, day, ct);
        if (await ArchiveFile.FaultAsync(PathOf(archived.File), archived.Sha256, ct) is { } fault)
        {
            await StartOverAsync(connection, day, fault, ct);
            return;
        }

        if (archived.State == "exported" && !await VerifyAsync(connection, day, archived, ct))
        {
            await StartOverAsync(connection, day, $"{archived.File} does not say what the table says", ct);
            return;
        }

        // The books are balanced from sums by day once the rows are gone, so the day's must be complete.
        if (await ScalarAsync(connection, $"SELECT coalesce(sum(count), 0)::bigint FROM contribution_day WHERE day = '{Text(day)}'", ct) is not long counted
            || counted != archived.Rows)
        {
            LogNotBalanced(log, day);
            return;
        }

        await DropAsync(connection, day, ct);
        LogArchived(log, day, archived.Rows, archived.Bytes);
    }

    async Task<Archived> ExportAsync(NpgsqlConnection connection, DateOnly day, CancellationToken ct)
    {
        var path = PathOf(ArchiveFile.NameOf(day));
        Directory.CreateDirectory(options.ArchivePath);
        var sha256 = await ArchiveFile.WriteAsync(connection, day, path, ct);
        reached?.Invoke(ArchivePoint.FileWritten);
        ArchiveFile.Publish(path);
        reached?.Invoke(ArchivePoint.FileNamed);

        var rows = (long)(await ScalarAsync(connection, $"SELECT count(*) FROM {ArchiveFile.TableOf(day)}", ct))!;
        var archived = new Archived("exported", Path.GetFileName(path), sha256, rows, new FileInfo(path).Length);
        await using var command = new NpgsqlCommand("""
            INSERT INTO archived_partition (day, state, file, sha256, bytes, rows, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = day });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = archived.State });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = archived.File });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = archived.Sha256 });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = archived.Bytes });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = archived.Rows });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() });
        await command.ExecuteNonQueryAsync(ct);
        reached?.Invoke(ArchivePoint.Exported);
        return archived;
    }

    async Task<bool> VerifyAsync(NpgsqlConnection connection, DateOnly day, Archived archived, CancellationToken ct)
    {
        if (!await ArchiveFile.EqualsTableAsync(connection, day, PathOf(archived.File), ct))
        {
            return false;
        }

        await SetStateAsync(connection, day, "verified", ct);
        reached?.Invoke(ArchivePoint.Verified);
        return true;
    }

    async Task DropAsync(NpgsqlConnection connection, DateOnly day, CancellationToken ct)
    {
        // First this, so that whoever reads from now on asks for the file instead of missing rows.
        await SetStateAsync(connection, day, "leaving", ct);
        reached?.Invoke(ArchivePoint.Leaving);

        var table = ArchiveFile.TableOf(day);
        var attached = await ScalarAsync(connection, $"SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = to_regclass('{table}')", ct);
        if (attached is bool pending)
        {
            // CONCURRENTLY waits for those who read, and holds up nobody who writes.
            await ScalarAsync(connection, $"ALTER TABLE contribution DETACH PARTITION {table} {(pending ? "FINALIZE" : "CONCURRENTLY")}", ct);
        }

        reached?.Invoke(ArchivePoint.Detached);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ScalarAsync(connection, $"DROP TABLE IF EXISTS {table}", ct);
        await SetStateAsync(connection, day, "dropped", ct);
        await transaction.CommitAsync(ct);
        reached?.Invoke(ArchivePoint.Dropped);
    }

    /// <summary>The rows are still in their table, so the next run writes the file anew. A detached table is attached again.</summary>
    async Task StartOverAsync(NpgsqlConnection connection, DateOnly day, string fault, CancellationToken ct)
    {
        LogStartsOver(log, day, fault);
        var table = ArchiveFile.TableOf(day);
        if (await ScalarAsync(connection, $"SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = to_regclass('{table}')", ct) is true)
        {
            await ScalarAsync(connection, $"ALTER TABLE contribution DETACH PARTITION {table} FINALIZE", ct);
        }

        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await ScalarAsync(connection, $"SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass('{table}')", ct) is null)
        {
            await AttachAsync(connection, day, ct);
        }

        await ScalarAsync(connection, $"DELETE FROM archived_partition WHERE day = '{Text(day)}'", ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Days that somebody asked for lately.</summary>
    async Task<List<DateOnly>> WantedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var wanted = new List<DateOnly>();
        await using var command = new NpgsqlCommand($"""
            SELECT day FROM archived_partition a WHERE state = 'dropped' AND wanted_at > $1
              AND NOT EXISTS (SELECT FROM parked_row r WHERE r.source = '{ParkingSource.Archive}' AND r.key = a.day::text)
            ORDER BY day
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() - RestoredKept });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            wanted.Add(rows.GetFieldValue<DateOnly>(0));
        }

        return wanted;
    }

    async Task RestoreAsync(NpgsqlConnection connection, DateOnly day, CancellationToken ct)
    {
        var archived = (await FindAsync(connection, day, ct))!;
        if (await ArchiveFile.FaultAsync(PathOf(archived.File), archived.Sha256, ct) is { } fault)
        {
            LogUnreadable(log, day, fault);
            await using var command = new NpgsqlCommand("UPDATE archived_partition SET fault = $2 WHERE day = $1", connection);
            command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = day });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = fault });
            await command.ExecuteNonQueryAsync(ct);
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(ct);
        var table = ArchiveFile.TableOf(day);
        await ScalarAsync(connection, $"CREATE TABLE {table} (LIKE contribution INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)", ct);
        await ArchiveFile.RestoreAsync(connection, table, PathOf(archived.File), ct);
        var rows = (long)(await ScalarAsync(connection, $"SELECT count(*) FROM {table}", ct))!;
        if (rows != archived.Rows)
        {
            throw new InvalidDataException($"{archived.File} gave {rows} rows instead of {archived.Rows}.");
        }

        await AttachAsync(connection, day, ct);
        await SetStateAsync(connection, day, "restored", ct);
        reached?.Invoke(ArchivePoint.RowsRestored);
        await transaction.CommitAsync(ct);
        // Whoever waits for these rows is about to read all of them.
        await ScalarAsync(connection, $"ANALYZE {table}", ct);
    }

    static async Task AttachAsync(NpgsqlConnection connection, DateOnly day, CancellationToken ct) => await ScalarAsync(
        connection, $"ALTER TABLE contribution ATTACH PARTITION {ArchiveFile.TableOf(day)} FOR VALUES FROM ('{Text(day)}') TO ('{Text(day.AddDays(1))}')", ct);

    async Task SetStateAsync(NpgsqlConnection connection, DateOnly day, string state, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "UPDATE archived_partition SET state = $2, changed_at = $3, fault = NULL WHERE day = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = day });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = state });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() });
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task<Archived?> FindAsync(NpgsqlConnection connection, DateOnly day, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT state, file, sha256, rows, bytes FROM archived_partition WHERE day = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = day });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new Archived(row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetInt64(3), row.GetInt64(4))
            : null;
    }

    /// <summary>Without a time limit: a day's rows take as long as they take.</summary>
    static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(ct);
    }

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    string PathOf(string file) => Path.Combine(options.ArchivePath, file);

    [LoggerMessage(EventId = 520, Level = LogLevel.Information, Message = "Contributions of {Day} are archived: {Rows} rows, {Bytes} bytes")]
    static partial void LogArchived(ILogger logger, DateOnly day, long rows, long bytes);

    [LoggerMessage(EventId = 521, Level = LogLevel.Error, Message = "The archive of {Day} is written again from the table: {Fault}")]
    static partial void LogStartsOver(ILogger logger, DateOnly day, string fault);

    [LoggerMessage(EventId = 522, Level = LogLevel.Error, Message = "Contributions of {Day} cannot be read back: {Fault}")]
    static partial void LogUnreadable(ILogger logger, DateOnly day, string fault);

    [LoggerMessage(EventId = 523, Level = LogLevel.Warning, Message = "Contributions of {Day} stay in the tables: a balancing run has not counted them all yet")]
    static partial void LogNotBalanced(ILogger logger, DateOnly day);

    sealed record Archived(string State, string File, byte[] Sha256, long Rows, long Bytes);
}
