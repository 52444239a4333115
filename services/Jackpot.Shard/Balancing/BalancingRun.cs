using System.Data;
using System.Globalization;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Leadership;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Storage;
using Jackpot.Ledger.Telemetry;
using Jackpot.Regulator.Balancing;
using Npgsql;

namespace Jackpot.Shard.Balancing;

/// <summary>
/// The balancing that runs by itself. It reads the rows written since the last run, adds them to the sums per day and compares those with
/// what the pools hold. A difference is counted again from all rows before anything is done about it. Once a day the whole journal is
/// counted again, so that an altered old row is found as well.
/// </summary>
internal sealed class BalancingRun(LeaderElection election, BalancingIncidents incidents, ShardOptions shard, ShardMetrics metrics, TimeProvider clock)
{
    /// <summary>Longest time without progress. A run goes in pages and may take as long as it gets further.</summary>
    public TimeSpan StepTimeMax { get; init; } = BalancingReader.TimeMax;

    /// <summary>How long runs are kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    static readonly TimeSpan RecountInterval = TimeSpan.FromDays(1);

    /// <summary>Balances all jackpots. Null when another process is at it; then nothing was done.</summary>
    public async Task<BalancingResult?> RunAsync(CancellationToken ct)
    {
        await using var leader = await election.TryLeadAsync(LeaderRole.Balancing, ct);
        if (leader is null)
        {
            return null;
        }

        using var read = LongRead.Begin(StepTimeMax, ct);
        return await RunLockedAsync(leader.Connection, read.Token);
    }

    async Task<BalancingResult> RunLockedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var (started, ticks) = (clock.GetUtcNow(), clock.GetTimestamp());
        var lastRecount = await ScalarAsync<DateTime>(connection, "SELECT coalesce(max(started_at), '-infinity') FROM balancing_run WHERE recounted", ct);
        var recount = started.UtcDateTime - lastRecount >= RecountInterval;
        var sheets = await SheetsAsync(connection, recount ? Forget.Journal : Forget.Nothing, ct);
        if (sheets.Exists(row => !row.Balances))
        {
            sheets = await SheetsAsync(connection, Forget.Everything, ct);
        }

        var differing = await incidents.RaiseAsync(sheets, ct);
        var result = new BalancingResult(started, clock.GetElapsedTime(ticks), recount, sheets.Select(row => row.Jackpot).Distinct().Count(), differing);
        await KeepAsync(connection, result, ct);
        metrics.BalancingRan(result.Took, differing);
        return result;
    }

    enum Forget
    {
        Nothing,
        Journal,
        Everything,
    }

    async Task<List<IBalanced>> SheetsAsync(NpgsqlConnection connection, Forget forget, CancellationToken ct)
    {
        var (sheets, unreadable) = await OneByOne.ReadAsync(jackpot => SheetsAsync(connection, forget, jackpot, ct), () => NumbersAsync(connection, ct));
        return [.. sheets, .. unreadable];
    }

    static async Task<IReadOnlyCollection<int>> NumbersAsync(NpgsqlConnection connection, CancellationToken ct) =>
        await ScalarAsync<int[]>(connection, "SELECT ARRAY(SELECT id FROM jackpot ORDER BY id)", ct);

    /// <summary>
    /// Adds what is new (or everything, once it is forgotten) to the sums, and reads the sheets of pools and operators from the same snapshot: those of
    /// one jackpot, or of all.
    /// </summary>
    async Task<List<IBalanced>> SheetsAsync(NpgsqlConnection connection, Forget forget, int? jackpot, CancellationToken ct)
    {
        var pools = jackpot is null ? "" : Of("pool IN (SELECT id FROM pool WHERE jackpot", jackpot) + ")";
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await ArchivedRows.HoldAsync(connection, ct);
        await ExecuteAsync(connection, forget switch
        {
            Forget.Nothing => "SET LOCAL enable_seqscan = off",
            Forget.Journal => $"DELETE FROM journal_day WHERE true {pools}; UPDATE balancing_mark SET version = {long.MinValue} WHERE true {Of("jackpot", jackpot)}",
            _ => $"""
                DELETE FROM journal_day WHERE true {pools};
                DELETE FROM contribution_day WHERE day NOT IN {ArchivedRows.Days} {Of("jackpot", jackpot)};
                DELETE FROM balancing_mark WHERE true {Of("jackpot", jackpot)}
                """,
        }, ct);
        await new DaySums(connection, shard.LongReadPageRows, jackpot).KeepNewAsync(ct);
        await ExecuteAsync(connection, MoveMarks(jackpot), ct);
        List<IBalanced> sheets =
        [
            .. await BalancingReader.PoolsAsync(connection, BalancingSource.Marks, jackpot, ct),
            .. await BalancingReader.TenantsAsync(connection, BalancingSource.Marks, jackpot, ct),
        ];
        await snapshot.CommitAsync(ct);
        return sheets;
    }

    /// <summary>The end of a WHERE clause; nothing for all jackpots. In the text, because statements that are sent together take no parameters.</summary>
    static string Of(string column, int? jackpot) =>
        jackpot is { } number ? string.Create(CultureInfo.InvariantCulture, $"AND {column} = {number}") : "";

    static string MoveMarks(int? jackpot) => $"""
        INSERT INTO balancing_mark (jackpot, version, sequence) SELECT id, version, sequence FROM jackpot_state WHERE true {Of("id", jackpot)}
        ON CONFLICT (jackpot) DO UPDATE SET version = excluded.version, sequence = excluded.sequence
        """;

    static async Task KeepAsync(NpgsqlConnection connection, BalancingResult result, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            WITH old AS (DELETE FROM balancing_run WHERE started_at < $6)
            INSERT INTO balancing_run (started_at, duration_ms, recounted, jackpots, differences) VALUES ($1, $2, $3, $4, $5)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = result.StartedAt.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)result.Took.TotalMilliseconds });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = result.Recounted });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = result.Jackpots });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = result.Differing });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (result.StartedAt - KeptFor).UtcDateTime });
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)BalancingReader.TimeMax.TotalSeconds };
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }
}

/// <summary>What a run found: how many jackpots it looked at and how many of them differ.</summary>
internal sealed record BalancingResult(DateTimeOffset StartedAt, TimeSpan Took, bool Recounted, int Jackpots, int Differing);
