using System.Numerics;
using Jackpot.Core.Voids;
using Jackpot.Ledger.Jackpots;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Voids;

/// <summary>
/// What operators put into a jackpot on the days of the bets that a step takes back, and what was taken back of those days. Contributions are only
/// added up as far as the limit asks for: what is known of a day can only grow, so a void that is within what is known is within the limit.
/// </summary>
internal sealed class VoidDays(NpgsqlConnection connection, LoadedJackpot jackpot)
{
    /// <summary>Contributions that one step adds up for one day at most; what is left is added up by the steps after it.</summary>
    public const int RowsPerStep = 200_000;

    readonly Dictionary<(string Tenant, DateOnly Day), Known> _days = [];

    /// <summary>Whether one more void is within the limits. Null when that is not known yet: the void is to be asked for again.</summary>
    public async Task<VoidLimitAnswer?> CheckAsync(VoidLimits limits, StoredBet bet, long ageMs, long micros, CancellationToken ct)
    {
        var day = await OfAsync(bet, ct);
        var answer = limits.Check(ageMs, micros, day.Sums);
        if (answer != VoidLimitAnswer.TooMuch || day.IsWhole)
        {
            return answer;
        }

        await AddUpAsync(bet, day, ct);
        answer = limits.Check(ageMs, micros, day.Sums);
        return answer == VoidLimitAnswer.TooMuch && !day.IsWhole ? null : answer;
    }

    /// <summary>Counts a void that was taken.</summary>
    public async Task CountAsync(StoredBet bet, long micros, CancellationToken ct)
    {
        var day = await OfAsync(bet, ct);
        day.Sums = day.Sums with { VoidedMicros = day.Sums.VoidedMicros + micros, Count = day.Sums.Count + 1 };
    }

    async Task<Known> OfAsync(StoredBet bet, CancellationToken ct)
    {
        if (!_days.TryGetValue((bet.TenantId, bet.Day), out var day))
        {
            _days.Add((bet.TenantId, bet.Day), day = await ReadAsync(bet, ct));
        }

        return day;
    }

    // What balancing has added up is taken over, so that at most what came after its last run is left.
    async Task<Known> ReadAsync(StoredBet bet, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT coalesce(d.contributed, s.contribution, 0), coalesce(d.through_sequence, CASE WHEN s.jackpot IS NOT NULL THEN m.sequence END,
                       (SELECT first_sequence - 1 FROM batch WHERE jackpot = $1 AND day = $3 ORDER BY first_sequence LIMIT 1), 0),
                   coalesce(d.voided, 0), coalesce(d.count, 0)
            FROM (SELECT 1) one
            LEFT JOIN void_day d ON d.jackpot = $1 AND d.tenant_id = $2 AND d.day = $3
            LEFT JOIN contribution_day s ON s.jackpot = $1 AND s.tenant_id = $2 AND s.day = $3
            LEFT JOIN balancing_mark m ON m.jackpot = $1
            """, connection);
        Add(command.Parameters, bet);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new Known(new VoidDay((Int128)row.GetFieldValue<BigInteger>(0), (Int128)row.GetFieldValue<BigInteger>(2), row.GetInt64(3)), row.GetInt64(1));
    }

    async Task AddUpAsync(StoredBet bet, Known day, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT coalesce(sum(contribution) FILTER (WHERE tenant_id = $2), 0) FROM contribution
            WHERE jackpot = $1 AND day = $3 AND sequence > $4 AND sequence <= $5
            """, connection);
        Add(command.Parameters, bet);
        var through = Math.Min(day.ThroughSequence + RowsPerStep, jackpot.State.Sequence);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = day.ThroughSequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        day.Sums = day.Sums with { ContributedMicros = day.Sums.ContributedMicros + (Int128)row.GetFieldValue<BigInteger>(0) };
        day.ThroughSequence = through;
        day.IsWhole = through == jackpot.State.Sequence;
    }

    void Add(NpgsqlParameterCollection parameters, StoredBet bet)
    {
        parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.Number });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = bet.TenantId });
        parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = bet.Day });
    }

    /// <summary>Keeps what was learnt, with the step or without it.</summary>
    public async Task SaveAsync(CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var ((tenant, date), day) in _days)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("""
                INSERT INTO void_day (jackpot, tenant_id, day, contributed, through_sequence, voided, count) VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (jackpot, tenant_id, day) DO UPDATE
                SET contributed = excluded.contributed, through_sequence = excluded.through_sequence, voided = excluded.voided, count = excluded.count
                """)
            {
                Parameters =
                {
                    new NpgsqlParameter<int> { TypedValue = jackpot.Number },
                    new NpgsqlParameter<string> { TypedValue = tenant },
                    new NpgsqlParameter<DateOnly> { TypedValue = date },
                    new NpgsqlParameter<BigInteger> { TypedValue = day.Sums.ContributedMicros, NpgsqlDbType = NpgsqlDbType.Numeric },
                    new NpgsqlParameter<long> { TypedValue = day.ThroughSequence },
                    new NpgsqlParameter<BigInteger> { TypedValue = day.Sums.VoidedMicros, NpgsqlDbType = NpgsqlDbType.Numeric },
                    new NpgsqlParameter<long> { TypedValue = day.Sums.Count },
                },
            });
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
    }

    sealed class Known(VoidDay sums, long throughSequence)
    {
        public VoidDay Sums { get; set; } = sums;

        public long ThroughSequence { get; set; } = throughSequence;

        public bool IsWhole { get; set; }
    }
}
