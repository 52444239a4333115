using System.Collections.Immutable;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Awards;
using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Verification;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Regulator.Exports;

/// <summary>An export without its batches, and its terms as they are written down, in the order of its configurations.</summary>
internal sealed record CycleHeader(CycleExport Export, ImmutableArray<JackpotDefinition> Definitions)
{
    /// <summary>The first and last of the steps of voids that belong to it, by the numbers of their first voids; null when there are none.</summary>
    public (long First, long Last)? VoidSteps { get; init; }
}

/// <summary>Reads everything of a dropped cycle but its rows.</summary>
internal static class CycleHeaderReader
{
    const string CycleQuery = """
        SELECT c.commitment, c.secret, c.opened_after_sequence, c.opening_increment, c.opening_seed, c.opening_reserve, c.opening_overflow,
               c.threshold_above, c.opened_at_ms, c.last_award,
               a.award_id, a.sequence, a.amount, a.winning_tickets, m.increment, m.seed, m.reserve, m.overflow, m.called,
               coalesce(a.config_version, n.config_version),
               coalesce((SELECT v.head FROM void_step v WHERE v.jackpot = a.jackpot AND v.after_sequence = a.sequence AND v.version < m.call_version
                         ORDER BY v.first_number DESC LIMIT 1),
                        (SELECT b.head FROM batch b WHERE b.jackpot = a.jackpot AND b.first_sequence <= a.sequence ORDER BY b.first_sequence DESC LIMIT 1)),
               e.shard, e.epoch, c.rules,
               (SELECT min(v.first_number) FROM void_step v WHERE v.jackpot = a.jackpot AND v.after_sequence > c.opened_after_sequence
                AND (v.after_sequence < a.sequence OR (v.after_sequence = a.sequence AND v.version < m.call_version))),
               (SELECT max(v.first_number) FROM void_step v WHERE v.jackpot = a.jackpot AND v.after_sequence > c.opened_after_sequence
                AND (v.after_sequence < a.sequence OR (v.after_sequence = a.sequence AND v.version < m.call_version)))
        FROM cycle c
        JOIN award a ON a.pool = c.pool AND a.cycle = c.cycle
        LEFT JOIN shard_epoch e ON e.epoch = a.shard_epoch
        LEFT JOIN cycle n ON n.pool = c.pool AND n.cycle = c.cycle + 1
        JOIN LATERAL (SELECT sum(increment) AS increment, sum(seed) AS seed, sum(reserve) AS reserve,
                             sum(overflow) AS overflow, bool_or(kind = 'call') AS called,
                             max(version) FILTER (WHERE kind = 'call') AS call_version
                      FROM journal j WHERE j.pool = c.pool AND j.cycle = c.cycle AND j.kind <> 'seed') m ON true
        WHERE c.pool = $1 AND c.cycle = $2 AND c.secret IS NOT NULL
        """;

    /// <summary>Null when the cycle does not exist or has not dropped.</summary>
    public static async Task<CycleHeader?> ReadAsync(NpgsqlConnection connection, JackpotEntry jackpot, PoolId pool, long cycle, CancellationToken ct)
    {
        var tier = jackpot.Config.Pools.Select(one => one.Id).ToList().IndexOf(pool);
        if (await ReadCycleAsync(connection, jackpot, tier, cycle, ct) is not { Export: var export } found)
        {
            return null;
        }

        var terms = await ReadTermsAsync(connection, jackpot.Number, export, found.VoidSteps, ct);
        var full = export with
        {
            Configs = [.. terms.Select(one => one.Config)],
            Adjustments = await ReadAdjustmentsAsync(connection, jackpot.PoolNumbers[tier], terms, export, ct),
            AwardsInstead = await ReadOtherAwardsAsync(connection, jackpot, export, ct),
        };
        return new CycleHeader(full, [.. terms.Select(one => one.Definition)]) { VoidSteps = found.VoidSteps };
    }

    static async Task<CycleHeader?> ReadCycleAsync(NpgsqlConnection connection, JackpotEntry jackpot, int tier, long cycle, CancellationToken ct)
    {
        await using var command = LongRead.Command(connection, CycleQuery);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.PoolNumbers[tier] });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = cycle });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new CycleHeader(Cycle(jackpot, tier, cycle, row), []) { VoidSteps = row.IsDBNull(24) ? null : (row.GetInt64(24), row.GetInt64(25)) }
            : null;
    }

    static CycleExport Cycle(JackpotEntry jackpot, int tier, long cycle, NpgsqlDataReader row)
    {
        var (pool, sequence) = (jackpot.Config.Pools[tier].Id, row.GetInt64(11));
        var opening = new PoolState(
            pool, PoolStatus.Open, cycle, row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7))
        {
            OpenedAtUnixMs = row.GetInt64(8),
            LastAwardMicros = row.GetInt64(9),
            RulesVersion = row.GetInt16(23),
        };
        var closing = opening with
        {
            Status = PoolStatus.Dropped,
            IncrementMicros = opening.IncrementMicros + row.GetMicros(14),
            SeedMicros = opening.SeedMicros + row.GetMicros(15),
            ReserveMicros = opening.ReserveMicros + row.GetMicros(16),
            OverflowMicros = opening.OverflowMicros + row.GetMicros(17),
            LastAwardMicros = row.GetInt64(12),
        };
        var award = new ExportedAward(AwardId.Parse(row.GetString(10)), sequence, row.GetInt64(12), closing.IncrementMicros)
        {
            Epoch = row.IsDBNull(21) ? null : ShardEpoch.Of(row.GetString(21), row.GetInt32(22)),
            WinningTickets = [.. row.GetFieldValue<long[]>(13)],
        };
        var head = row.IsDBNull(20) ? ChainHead.Genesis(jackpot.Config.Id) : new Hash32(row.GetFieldValue<byte[]>(20));
        return new CycleExport(
            jackpot.Config.Id, pool, cycle, [], new Commitment(new Hash32(row.GetFieldValue<byte[]>(0))),
            new CycleSecret(row.GetFieldValue<byte[]>(1)), opening, [], award, closing)
        {
            ExternalDrop = row.GetBoolean(18) ? new ExternalDrop(row.GetInt32(19), sequence, head) : null,
        };
    }

    static async Task<List<JackpotTerms>> ReadTermsAsync(
        NpgsqlConnection connection, int jackpot, CycleExport export, (long First, long Last)? voidSteps, CancellationToken ct)
    {
        await using var command = LongRead.Command(connection, """
            SELECT t.version, t.definition FROM jackpot_terms t
            WHERE t.jackpot = $1 AND (t.version = $4 OR EXISTS (
                SELECT FROM batch b WHERE b.jackpot = $1 AND b.first_sequence > $2 AND b.first_sequence <= $3 AND b.config_version = t.version)
                OR EXISTS (SELECT FROM void_step v WHERE v.jackpot = $1 AND v.first_number BETWEEN $5 AND $6 AND v.config_version = t.version))
            ORDER BY t.version
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = export.Opening.OpenedAfterSequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = export.Award.Sequence });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)export.ExternalDrop?.ConfigVersion ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = voidSteps?.First ?? 0 });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = voidSteps?.Last ?? 0 });
        await using var row = await command.ExecuteReaderAsync(ct);
        var terms = new List<JackpotTerms>();
        while (await row.ReadAsync(ct))
        {
            terms.Add(JackpotTerms.Of(JackpotDefinition.Parse(row.GetString(1)), row.GetInt32(0)));
        }

        return terms;
    }

    static async Task<ImmutableArray<Adjustment>> ReadAdjustmentsAsync(
        NpgsqlConnection connection, int pool, List<JackpotTerms> terms, CycleExport export, CancellationToken ct)
    {
        await using var command = LongRead.Command(connection, """
            SELECT j.sequence, j.increment, j.reserve, j.overflow,
                   coalesce((SELECT v.first_number + v.count - 1 FROM void_step v JOIN pool p ON p.jackpot = v.jackpot
                             WHERE p.id = j.pool AND v.version < j.version ORDER BY v.first_number DESC LIMIT 1), 0)
            FROM journal j
            WHERE j.pool = $1 AND j.cycle = $2 AND j.kind IN ('transfer', 'funding') ORDER BY j.version
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = pool });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = export.Cycle });
        await using var row = await command.ExecuteReaderAsync(ct);
        var hides = terms.Exists(one => one.Config.Pools.Single(config => config.Id == export.Pool).Trigger is MustDropByAmount);
        var adjustments = ImmutableArray.CreateBuilder<Adjustment>();
        while (await row.ReadAsync(ct))
        {
            var increment = row.GetInt64(1);
            adjustments.Add(new Adjustment(row.GetInt64(0), increment, row.GetInt64(2), row.GetInt64(3), hides && increment > 0) { AfterVoid = row.GetInt64(4) });
        }

        return adjustments.ToImmutable();
    }

    static async Task<ImmutableArray<OtherAward>> ReadOtherAwardsAsync(NpgsqlConnection connection, JackpotEntry jackpot, CycleExport export, CancellationToken ct)
    {
        if (jackpot.Config.TiersPerBetMax >= jackpot.Config.Pools.Length)
        {
            return [];
        }

        await using var command = LongRead.Command(connection, """
            SELECT p.pool_id, a.cycle, a.sequence, a.amount FROM award a JOIN pool p ON p.id = a.pool
            WHERE a.jackpot = $1 AND a.sequence > $2 AND a.sequence <= $3 AND p.pool_id <> $4 ORDER BY a.sequence, p.tier
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.Number });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = export.Opening.OpenedAfterSequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = export.Award.Sequence });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = export.Pool.Value });
        await using var row = await command.ExecuteReaderAsync(ct);
        var others = ImmutableArray.CreateBuilder<OtherAward>();
        while (await row.ReadAsync(ct))
        {
            others.Add(new OtherAward(PoolId.Parse(row.GetString(0)), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)));
        }

        return others.ToImmutable();
    }
}
