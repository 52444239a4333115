using System.Collections.Immutable;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Amounts;
using Jackpot.Core.Chain;
using Jackpot.Core.Community;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Awards;
using Npgsql;

namespace Jackpot.Shard.Payouts.Community;

/// <summary>An award of which others have a part, with everything that its split depends on. All of it was committed with the drop and never changes.</summary>
internal sealed record SharedAward(
    string AwardId, int Jackpot, PoolId Pool, long Cycle, long Sequence, long AmountMicros, Currency Currency, string TenantId, string PlayerId,
    DateTimeOffset AwardedAt, DateTimeOffset OpenedAt, long OpenedAfterSequence, CycleSecret Secret, Hash32 Head, ImmutableArray<CommunityPart> Parts,
    string State, int RulesVersion, long LeastStakeMicros, PlayerRate? Rate)
{
    /// <summary>Reads it and locks the first winner's payout until the transaction ends: whoever shares the award second waits, and finds it shared.</summary>
    /// <returns>Null when there is no such award.</returns>
    public static async Task<SharedAward?> LockAsync(NpgsqlTransaction transaction, string awardId, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT a.jackpot, q.pool_id, a.cycle, a.sequence, a.amount, a.currency, a.tenant_id, a.player_id, a.awarded_at, c.opened_at,
                   c.opened_after_sequence, c.secret, j.jackpot_id, q.tier, t.definition, p.state,
                   (SELECT b.head FROM batch b WHERE b.jackpot = a.jackpot AND b.first_sequence <= a.sequence ORDER BY b.first_sequence DESC LIMIT 1),
                   c.rules, p.paid_currency, p.rate_nanos, p.rate_version
            FROM award a
            JOIN payout p ON p.award_id = a.award_id AND p.winner = 0
            JOIN pool q ON q.id = a.pool
            JOIN jackpot j ON j.id = a.jackpot
            JOIN cycle c ON c.pool = a.pool AND c.cycle = a.cycle
            JOIN jackpot_terms t ON t.jackpot = a.jackpot AND t.version = c.config_version
            WHERE a.award_id = $1
            FOR UPDATE OF p
            """, transaction.Connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = awardId });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? Read(awardId, row) : null;
    }

    static SharedAward Read(string awardId, NpgsqlDataReader row)
    {
        // A tier's terms change only where its next cycle opens, so the version that the cycle was opened under has its parts.
        var (definition, tier, rules) = (JackpotDefinition.Parse(row.GetString(14)), row.GetInt16(13), row.GetInt16(17));
        var pool = definition.Pools[tier];
        return new SharedAward(
            awardId, row.GetInt32(0), PoolId.Parse(row.GetString(1)), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), Currency.Parse(row.GetString(5)),
            row.GetString(6), row.GetString(7), row.GetFieldValue<DateTimeOffset>(8), row.GetFieldValue<DateTimeOffset>(9), row.GetInt64(10),
            new CycleSecret(row.GetFieldValue<byte[]>(11)),
            row.IsDBNull(16) ? ChainHead.Genesis(JackpotId.Parse(row.GetString(12))) : new Hash32(row.GetFieldValue<byte[]>(16)),
            [.. (pool.Community ?? []).Select(part => part.ToPart())], row.GetString(15),
            rules, PoolRules.LeastStakeMicros(definition.ToConfig().Pools[tier], rules),
            row.IsDBNull(20) || row.GetInt32(20) == 0 ? null : new PlayerRate(row.GetString(18), row.GetInt64(19), row.GetInt32(20)));
    }

    /// <summary>Core's split of it. What dropped the pool plays no part in that, so the evidence is left out.</summary>
    public ImmutableArray<CommunityShare> Split(CommunityRoll roll) => CommunityRules.Split(Parts, new CommunityOccasion(
        new Drop(Pool, Cycle, Sequence, AmountMicros, 0, null!), Currency, CommunityRoll.HashOf(TenantId, PlayerId),
        roll.Members, AwardedAt.ToUnixTimeMilliseconds(), Secret, Head) { RulesVersion = RulesVersion });
}
