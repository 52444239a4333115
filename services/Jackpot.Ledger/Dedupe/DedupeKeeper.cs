using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Settings;
using Npgsql;

namespace Jackpot.Ledger.Dedupe;

/// <summary>
/// Keeps the windows of idempotency keys: closes the open one when a day has begun or it has grown large, makes filters of closed ones,
/// and drops those that no acceptable request can repeat. Safe on several replicas at once, and to be cut off anywhere.
/// </summary>
internal sealed partial class DedupeKeeper(
    NpgsqlDataSource database, DedupeWindows windows, ShardOptions options, LoopTools tools, ILogger<DedupeKeeper> log)
    : HostedLoop(new LoopPlan("dedupe-keeper", TimeSpan.FromSeconds(15), "the open window of idempotency keys goes on growing") { PassTimeMax = BuildTimeMax }, tools)
{
    /// <summary>How long closing a window may make commits wait; one that hangs longer keeps the window open until a later try.</summary>
    static readonly TimeSpan LockTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>Making the filter of a large window reads all its keys.</summary>
    static readonly TimeSpan BuildTimeMax = TimeSpan.FromMinutes(10);

    /// <summary>Rows of a dedupe table that one page holds, for counting keys without reading them.</summary>
    const long KeysPerPage = 107;

    /// <summary>How long keys are kept after their window was closed.</summary>
    public static TimeSpan Kept(ShardOptions options) => options.OccurredAtPastMax + options.OccurredAtFutureMax + ShardOptions.DedupeMargin;

    protected override Task PassAsync(CancellationToken ct) => KeepAsync(ct);

    /// <summary>One round of everything that is due.</summary>
    public async Task KeepAsync(CancellationToken ct)
    {
        await CloseIfDueAsync(ct);
        await DropAsync(ct);
        await ExpiredRows.DeleteAsync(database, Clock, ct);
        await windows.RefreshAsync(ct);
        await BuildFiltersAsync(ct);
        await windows.LoadFiltersAsync(ct);
    }

    async Task CloseIfDueAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT number, opened_at, pg_relation_size(to_regclass('dedupe_' || number)) / current_setting('block_size')::int
            FROM dedupe_window WHERE closed_at IS NULL
            """);
        var (number, openedAt, pages) = (0, default(DateTimeOffset), 0L);
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            (number, openedAt, pages) = (row.GetInt32(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2));
        }

        if (Clock.GetUtcNow().UtcDateTime.Date > openedAt.UtcDateTime.Date || pages * KeysPerPage >= options.DedupeWindowKeys)
        {
            await CloseAsync(number, ct);
        }
    }

    /// <summary>Closes this window and opens the next, unless that is done. A lock that is not free in time leaves it for the next round.</summary>
    public async Task CloseAsync(int number, CancellationToken ct)
    {
        try
        {
            await ExecuteLockedAsync("SELECT jp_close_dedupe_window($1, $2)", new NpgsqlParameter<int> { TypedValue = number }, ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            LogBusy(log, number);
        }
    }

    async Task DropAsync(CancellationToken ct)
    {
        try
        {
            await ExecuteLockedAsync("SELECT jp_drop_dedupe_windows($1, $2)", new NpgsqlParameter<TimeSpan> { TypedValue = Kept(options) }, ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // A later round drops it; it is only larger than it must be.
        }
    }

    async Task ExecuteLockedAsync(string sql, NpgsqlParameter first, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var limit = new NpgsqlCommand($"SET LOCAL lock_timeout = {(int)LockTimeout.TotalMilliseconds}", connection))
        {
            await limit.ExecuteNonQueryAsync(ct);
        }

        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { first, new NpgsqlParameter<DateTimeOffset> { TypedValue = Clock.GetUtcNow() } } };
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    async Task BuildFiltersAsync(CancellationToken ct)
    {
        foreach (var window in windows.Current.Closed.Where(window => window.Filter is null))
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            if (!await IsWantedAsync(connection, window.Number, ct))
            {
                continue;
            }

            var filter = await BuildAsync(connection, window.Number, ct);
            await using var command = new NpgsqlCommand("UPDATE dedupe_window SET filter = $2 WHERE number = $1 AND dropped_at IS NULL", connection);
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = window.Number });
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = filter.ToBytes() });
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    static async Task<bool> IsWantedAsync(NpgsqlConnection connection, int number, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT filter IS NULL OR substr(filter, 1, 8) <> $2 FROM dedupe_window WHERE number = $1 AND dropped_at IS NULL", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = KeyFilter.Version.ToArray() });
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>Reads all keys and contribution ids of a closed window. Two replicas may do so at once and come to the same bytes.</summary>
    static async Task<KeyFilter> BuildAsync(NpgsqlConnection connection, int number, CancellationToken ct)
    {
        await using (var analyze = new NpgsqlCommand($"ANALYZE dedupe_{number}", connection))
        {
            await analyze.ExecuteNonQueryAsync(ct);
        }

        await using var count = new NpgsqlCommand($"SELECT count(*) + count(id16) FROM dedupe_{number}", connection);
        var filter = KeyFilter.For((long)(await count.ExecuteScalarAsync(ct))!);
        await using var keys = await connection.BeginBinaryExportAsync($"COPY (SELECT key16 FROM dedupe_{number} UNION ALL SELECT id16 FROM dedupe_{number} WHERE id16 IS NOT NULL) TO STDOUT (FORMAT binary)", ct);
        while (await keys.StartRowAsync(ct) >= 0)
        {
            filter.Add(keys.Read<Guid>(NpgsqlTypes.NpgsqlDbType.Uuid));
        }

        return filter;
    }

    [LoggerMessage(EventId = 511, Level = LogLevel.Information, Message = "Dedupe window {Number} stays open: a commit in flight did not end in time")]
    static partial void LogBusy(ILogger logger, int number);
}
