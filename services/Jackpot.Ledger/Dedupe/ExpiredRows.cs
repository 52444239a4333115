using Npgsql;

namespace Jackpot.Ledger.Dedupe;

/// <summary>Deletes, in steps, what nobody needs any more. Safe on several replicas at once, and to be cut off anywhere.</summary>
internal static class ExpiredRows
{
    /// <summary>How long a decided entry of the quarantine is kept: as long as a report.</summary>
    public static readonly TimeSpan QuarantineKept = TimeSpan.FromDays(5 * 366);

    /// <summary>How long a rejected message is kept after staff have decided over it.</summary>
    public static readonly TimeSpan RejectedKept = TimeSpan.FromDays(90);

    /// <summary>Rows of one transaction, and transactions of one round and table: more than ever come between two rounds.</summary>
    const int StepRows = 5_000;
    const int StepsMax = 50;

    /// <summary>
    /// A plan is followed as long as its bet can come again. Bets of a time whose keys may have been dropped are refused, so the plans of the
    /// days before go as well; one day more for what was planned before midnight and recorded after it.
    /// </summary>
    const string FanOut = """
        DELETE FROM fan_out WHERE key16 IN (
            SELECT key16 FROM fan_out
            WHERE day < (SELECT (max(closed_at) AT TIME ZONE 'UTC')::date - 1 FROM dedupe_window WHERE dropped_at IS NOT NULL)
            ORDER BY day LIMIT $1 FOR UPDATE SKIP LOCKED)
        """;

    const string Quarantine = """
        DELETE FROM quarantine WHERE id IN (
            SELECT id FROM quarantine WHERE status IN ('released', 'refused') AND decided_at < $2
            ORDER BY decided_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        """;

    const string Rejected = """
        DELETE FROM rejected WHERE id IN (
            SELECT id FROM rejected WHERE state <> 'waiting' AND decided_at < $2
            ORDER BY decided_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        """;

    /// <summary>How long sums of voided days are kept: as long as contributions at least.</summary>
    static readonly TimeSpan VoidDaysKept = TimeSpan.FromDays(400);

    /// <summary>
    /// The claims of a void that came before its bet go with the window that they stand in; then the bet is refused as too old. Before a window was
    /// dropped no void goes: its claims would be left alone, and no bet gets past a claim that nobody explains.
    /// </summary>
    const string WaitingVoids = """
        DELETE FROM void_waiting WHERE key16 IN (
            SELECT key16 FROM void_waiting
            WHERE waiting_since < (SELECT max(closed_at) - interval '2 days' FROM dedupe_window WHERE dropped_at IS NOT NULL)
            ORDER BY waiting_since LIMIT $1 FOR UPDATE SKIP LOCKED)
        """;

    const string VoidDays = """
        DELETE FROM void_day WHERE ctid IN (SELECT ctid FROM void_day WHERE day < ($2 AT TIME ZONE 'UTC')::date LIMIT $1)
        """;

    public static async Task DeleteAsync(NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        await DeleteAsync(database, WaitingVoids, [], ct);
        await DeleteAsync(database, VoidDays, [new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() - VoidDaysKept }], ct);
        await DeleteAsync(database, FanOut, [], ct);
        await DeleteAsync(database, Quarantine, [new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() - QuarantineKept }], ct);
        await DeleteAsync(database, Rejected, [new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() - RejectedKept }], ct);
    }

    static async Task DeleteAsync(NpgsqlDataSource database, string sql, NpgsqlParameter[] parameters, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = StepRows });
        command.Parameters.AddRange(parameters);
        for (var step = 0; step < StepsMax && await command.ExecuteNonQueryAsync(ct) == StepRows; step++)
        {
        }
    }
}
