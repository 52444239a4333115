using Jackpot.Core.Pools;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Commit;

/// <summary>
/// Who has put something into a pool that games drop. Only such pools pay for it, and nothing is written for a player who has a row of this
/// cycle already.
/// </summary>
internal sealed class ContributorStatement : ColumnStatement
{
    /// <summary>Of a key's text; a longer one is hashed from the heap.</summary>
    const int KeyBytesMax = 2048;

    readonly List<int> _pool;
    readonly List<Guid> _player16;
    readonly List<long> _sequence;
    readonly List<long> _openedAfter;
    readonly HashSet<(int Pool, Guid Player16)> _added = [];

    // The subselect is one probe of the primary key; a join could be planned to read the table.
    public ContributorStatement() : base("""
        INSERT INTO contributor (pool, player16, sequence)
        SELECT u.pool, u.player16, u.sequence FROM unnest($1, $2, $3, $4) AS u (pool, player16, sequence, opened_after)
        WHERE coalesce((SELECT c.sequence FROM contributor c WHERE c.pool = u.pool AND c.player16 = u.player16), -1) <= u.opened_after
        ON CONFLICT (pool, player16) DO UPDATE SET sequence = excluded.sequence
        """)
    {
        _pool = Column<int>(NpgsqlDbType.Integer);
        _player16 = Column<Guid>(NpgsqlDbType.Uuid);
        _sequence = Column<long>(NpgsqlDbType.Bigint);
        _openedAfter = Column<long>(NpgsqlDbType.Bigint);
    }

    /// <summary>What stands for a player in the table.</summary>
    public static Guid KeyOf(string tenantId, string playerId)
    {
        var text = new CanonicalText(stackalloc byte[KeyBytesMax]);
        text.Add(tenantId);
        text.Add(playerId);
        return text.Hash();
    }

    public static bool IsNeededFor(JackpotPlan plan)
    {
        for (var tier = 0; tier < plan.Before.PoolNumbers.Length; tier++)
        {
            if (plan.Before.Terms.TriggerPaysContributorsOnly(tier))
            {
                return true;
            }
        }

        return false;
    }

    public void Add(JackpotPlan plan, ReadOnlySpan<AcceptedContribution> items)
    {
        for (var tier = 0; tier < plan.Before.PoolNumbers.Length; tier++)
        {
            if (plan.Before.Terms.TriggerPaysContributorsOnly(tier))
            {
                Add(plan, items, plan.Before.PoolNumbers[tier], plan.Before.State.Pools[tier], plan.Before.Config.Pools[tier].LeastStakeMicros);
            }
        }
    }

    void Add(JackpotPlan plan, ReadOnlySpan<AcceptedContribution> items, int pool, PoolState state, long leastStakeMicros)
    {
        for (var i = 0; i < plan.Consumed.Length; i++)
        {
            ref readonly var item = ref items[plan.Consumed[i]];
            var player16 = KeyOf(item.TenantId, item.PlayerId);
            if (item.StakeMicros >= leastStakeMicros && _added.Add((pool, player16)))
            {
                _pool.Add(pool);
                _player16.Add(player16);
                _sequence.Add(plan.FirstSequence + i);
                _openedAfter.Add(state.OpenedAfterSequence);
            }
        }
    }

    public override void Clear()
    {
        base.Clear();
        _added.Clear();
    }
}
