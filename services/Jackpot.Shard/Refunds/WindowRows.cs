using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Refunds;

/// <summary>The contributions of a window, a stretch of sequences at a time.</summary>
internal static class WindowRows
{
    /// <summary>Sequences that one statement looks at; as many contributions at most.</summary>
    public const int SequencesPerRead = 20_000;

    // A contribution is in the partition of the day of its commit, which may be the day after it was received.
    const string Of = """
        FROM contribution c WHERE c.jackpot = $1 AND c.sequence > $2 AND c.sequence <= $3
          AND c.day >= ($4 AT TIME ZONE 'UTC')::date AND c.day <= ($5 AT TIME ZONE 'UTC')::date + 1
          AND c.received_at >= $4 AND c.received_at < $5 AND ($6 IS NULL OR c.tenant_id = $6) AND ($7 IS NULL OR c.game_id = $7)
        """;

    /// <summary>Sequence, tenant and contribution id of each, in order.</summary>
    public static async Task<List<(long Sequence, string TenantId, string ContributionId)>> ReadAsync(
        NpgsqlConnection connection, RefundScope.Window window, long after, long through, CancellationToken ct)
    {
        await using var command = LongRead.Command(connection, $"SELECT c.sequence, c.tenant_id, c.contribution_id {Of} ORDER BY c.sequence");
        Add(command, window, after, through);
        await using var row = await command.ExecuteReaderAsync(ct);
        var rows = new List<(long, string, string)>();
        while (await row.ReadAsync(ct))
        {
            rows.Add((row.GetInt64(0), row.GetString(1), row.GetString(2)));
        }

        return rows;
    }

    /// <summary>Count and sums of a window, added up stretch by stretch.</summary>
    public static async Task<RefundPreview> PreviewAsync(NpgsqlDataSource database, RefundScope.Window window, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var (first, last) = await RangeAsync(connection, window, ct);
        var sums = new SortedDictionary<string, RefundSum>(StringComparer.Ordinal);
        for (var after = first; after < last; after += SequencesPerRead)
        {
            await using var command = LongRead.Command(connection, $"SELECT c.bet_currency, count(*), sum(c.bet), sum(c.contribution) {Of} GROUP BY 1");
            Add(command, window, after, Math.Min(after + SequencesPerRead, last));
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                var before = sums.GetValueOrDefault(row.GetString(0)) ?? new RefundSum(row.GetString(0), 0, 0, 0);
                sums[before.BetCurrency] = before with
                {
                    Contributions = before.Contributions + row.GetInt64(1),
                    Bets = before.Bets + row.GetSum(2),
                    ContributionsIn = before.ContributionsIn + row.GetSum(3),
                };
            }

            LongRead.Progress();
        }

        return new RefundPreview(sums.Values.Sum(sum => sum.Contributions), [.. sums.Values]);
    }

    static async Task<(long First, long Last)> RangeAsync(NpgsqlConnection connection, RefundScope.Window window, CancellationToken ct)
    {
        await using var command = LongRead.Command(connection, """
            SELECT coalesce((SELECT first_sequence - 1 FROM batch WHERE jackpot = $1 AND day >= ($2 AT TIME ZONE 'UTC')::date ORDER BY first_sequence LIMIT 1), s.sequence),
                   s.sequence
            FROM jackpot_state s WHERE s.id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = window.Jackpot });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = window.From.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    static void Add(NpgsqlCommand command, RefundScope.Window window, long after, long through)
    {
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = window.Jackpot });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = window.From.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = window.To.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)window.TenantId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)window.GameId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
    }
}
