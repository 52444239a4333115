using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Community;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Storage;
using Jackpot.Shard.Contributions;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Payouts.Community;

/// <summary>Who may share an award: everybody whom a part of it could choose, by hash, and who each hash is. It never leaves the region.</summary>
internal sealed class CommunityRoll
{
    /// <summary>Most players that are looked at for one award: about 200 MB. Above it the award is held for staff.</summary>
    public const int PlayersMax = 1_000_000;

    /// <summary>One pass over the rows of the cycle, at about a million a second.</summary>
    static readonly TimeSpan ReadTimeMax = TimeSpan.FromMinutes(10);

    readonly Dictionary<Hash16, (string Tenant, string Player, long LastSequence)> _names = [];
    readonly ImmutableArray<CommunityMember>.Builder _members = ImmutableArray.CreateBuilder<CommunityMember>();

    public ImmutableArray<CommunityMember> Members => _members.ToImmutable();

    public (string Tenant, string Player) NameOf(Hash16 player) => (_names[player].Tenant, _names[player].Player);

    /// <summary>Their last bet up to the drop: what they are paid in is what they last bet in.</summary>
    public long LastSequenceOf(Hash16 player) => _names[player].LastSequence;

    public static Hash16 HashOf(string tenantId, string playerId) =>
        new(ContributionHash.Key(tenantId, playerId).ToByteArray(bigEndian: true));

    /// <summary>Reads it from the rows up to the drop, which never change, so that it is the same whenever it is read. Null when there are too many.</summary>
    /// <exception cref="ArchivedRowsException">Some of the rows are in the archive.</exception>
    public static Task<CommunityRoll?> ReadAsync(NpgsqlConnection connection, SharedAward award, int playersMax, CancellationToken ct) =>
        ArchivedRows.ReadAsync(connection, RowsOf(award), () => ReadRowsAsync(connection, award, playersMax, ct), ct);

    static async Task<CommunityRoll?> ReadRowsAsync(NpgsqlConnection connection, SharedAward award, int playersMax, CancellationToken ct)
    {
        // Nobody is looked for whom no part could choose: earlier cycles count where lifetimes do. Who has put nothing into this cycle is not
        // listed, and a stake of which the pool got nothing is none; only cycles under the first rules ask for neither.
        await using var command = new NpgsqlCommand($"""
            SELECT tenant_id, player_id, coalesce(sum(contribution) FILTER (WHERE sequence > $3 AND stake >= $7), 0), sum(contribution),
                   max(received_at) FILTER (WHERE stake >= $7), max(sequence)
            FROM contribution
            WHERE jackpot = $1 AND sequence <= $2 AND (sequence > $3 OR $4 OR received_at >= $5)
              AND ($4 OR day >= least($5, $6)::date - 1)
            GROUP BY tenant_id, player_id
            HAVING NOT $8 OR bool_or(sequence > $3 AND stake >= $7)
            LIMIT {playersMax + 1}
            """, connection) { CommandTimeout = (int)ReadTimeMax.TotalSeconds };
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = award.Jackpot });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = award.Sequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = award.OpenedAfterSequence });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = CountsLifetimes(award) });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = ActiveSince(award).UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = award.OpenedAt.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = award.LeastStakeMicros });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = PoolRules.IsForFeedersOnly(award.RulesVersion) });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var roll = new CommunityRoll();
        while (await reader.ReadAsync(ct))
        {
            roll.Add(
                reader.GetString(0), reader.GetString(1), reader.GetSum(2), reader.GetSum(3),
                reader.GetFieldValue<DateTimeOffset>(4).ToUnixTimeMilliseconds(), reader.GetInt64(5));
        }

        return roll._names.Count <= playersMax ? roll : null;
    }

    /// <summary>What the statement above reads.</summary>
    static RowRange RowsOf(SharedAward award)
    {
        if (CountsLifetimes(award))
        {
            return new RowRange(award.Jackpot, 0, award.Sequence);
        }

        return ActiveSince(award) is var active && active < award.OpenedAt
            ? new RowRange(award.Jackpot, 0, award.Sequence, DateOnly.FromDateTime(active.UtcDateTime).AddDays(-1))
            : new RowRange(award.Jackpot, award.OpenedAfterSequence, award.Sequence);
    }

    static bool CountsLifetimes(SharedAward award) => award.Parts.Any(part => part is TopOfLifetime);

    // Whoever was active and has put something into the cycle was active in the cycle.
    static DateTimeOffset ActiveSince(SharedAward award) => PoolRules.IsForFeedersOnly(award.RulesVersion)
        ? award.OpenedAt
        : award.AwardedAt.AddHours(-award.Parts.OfType<AmongActive>().Select(part => part.Hours).DefaultIfEmpty(0).Max());

    void Add(string tenant, string player, Int128 cycleMicros, Int128 lifetimeMicros, long lastPlayedUnixMs, long lastSequence)
    {
        var hash = HashOf(tenant, player);
        _names.Add(hash, (tenant, player, lastSequence));
        _members.Add(new CommunityMember(hash, cycleMicros, lifetimeMicros, lastPlayedUnixMs));
    }
}
