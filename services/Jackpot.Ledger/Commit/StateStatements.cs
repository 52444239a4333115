using System.Collections.Immutable;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Commit;

/// <summary>Moves the jackpots on, but only from the versions that the decisions were made on: whoever lost the race writes nothing.</summary>
internal sealed class FenceStatement : ColumnStatement
{
    readonly List<int> _jackpot;
    readonly List<long> _version;
    readonly List<long> _sequence;
    readonly List<byte[]> _head;

    public FenceStatement() : base($"""
        WITH fenced AS (
            UPDATE jackpot_state j SET version = u.version + 1, sequence = u.sequence, chain_head = u.head
            FROM (SELECT {Unnested(4)}) AS u (id, version, sequence, head)
            WHERE j.id = u.id AND j.version = u.version AND j.status = 'active'
            RETURNING 1)
        SELECT jp_require_fence(count(*), cardinality($1)) FROM fenced
        """)
    {
        _jackpot = Column<int>(NpgsqlDbType.Integer);
        _version = Column<long>(NpgsqlDbType.Bigint);
        _sequence = Column<long>(NpgsqlDbType.Bigint);
        _head = Column<byte[]>(NpgsqlDbType.Bytea);
    }

    public void Add(JackpotPlan plan)
    {
        _jackpot.Add(plan.Before.Number);
        _version.Add(plan.Before.State.Version);
        _sequence.Add(plan.After.State.Sequence);
        _head.Add(plan.After.State.ChainHead.ToArray());
    }
}

/// <summary>The balances of pools, either as decisions left them or as they begin.</summary>
internal abstract class PoolBalancesStatement : ColumnStatement
{
    readonly List<int> _pool;
    readonly List<long> _cycle;
    readonly List<long> _openedAfter;
    readonly List<long> _increment;
    readonly List<long> _seed;
    readonly List<long> _reserve;
    readonly List<long> _overflow;
    readonly List<long> _thresholdAbove;
    readonly List<long> _openedAtMs;
    readonly List<long> _ticketsSold;
    readonly List<long> _lastAward;

    protected PoolBalancesStatement(string sql) : base(sql)
    {
        _pool = Column<int>(NpgsqlDbType.Integer);
        _cycle = Column<long>(NpgsqlDbType.Bigint);
        _openedAfter = Column<long>(NpgsqlDbType.Bigint);
        _increment = Column<long>(NpgsqlDbType.Bigint);
        _seed = Column<long>(NpgsqlDbType.Bigint);
        _reserve = Column<long>(NpgsqlDbType.Bigint);
        _overflow = Column<long>(NpgsqlDbType.Bigint);
        _thresholdAbove = Column<long>(NpgsqlDbType.Bigint);
        _openedAtMs = Column<long>(NpgsqlDbType.Bigint);
        _ticketsSold = Column<long>(NpgsqlDbType.Bigint);
        _lastAward = Column<long>(NpgsqlDbType.Bigint);
    }

    public void Add(int number, PoolState pool)
    {
        _pool.Add(number);
        _cycle.Add(pool.Cycle);
        _openedAfter.Add(pool.OpenedAfterSequence);
        _increment.Add(pool.IncrementMicros);
        _seed.Add(pool.SeedMicros);
        _reserve.Add(pool.ReserveMicros);
        _overflow.Add(pool.OverflowMicros);
        _thresholdAbove.Add(pool.ThresholdAboveMicros);
        _openedAtMs.Add(pool.OpenedAtUnixMs);
        _ticketsSold.Add(pool.TicketsSold);
        _lastAward.Add(pool.LastAwardMicros);
    }
}

/// <summary>Moves existing pools on.</summary>
internal sealed class PoolStatement() : PoolBalancesStatement($"""
    UPDATE pool_state p SET cycle = u.cycle, opened_after_sequence = u.opened_after, increment = u.increment, seed = u.seed,
           reserve = u.reserve, overflow = u.overflow, threshold_above = u.threshold_above, opened_at_ms = u.opened_at_ms,
           tickets_sold = u.tickets_sold, last_award = u.last_award
    FROM (SELECT {Unnested(11)})
         AS u (id, cycle, opened_after, increment, seed, reserve, overflow, threshold_above, opened_at_ms, tickets_sold, last_award)
    WHERE p.id = u.id
    """);

/// <summary>Writes the pools of a new jackpot.</summary>
internal sealed class OpenPoolStatement() : PoolBalancesStatement($"""
    INSERT INTO pool_state (id, cycle, opened_after_sequence, increment, seed, reserve, overflow, threshold_above, opened_at_ms,
                            tickets_sold, last_award)
    SELECT {Unnested(11)}
    """);

/// <summary>The batch as a link of its jackpot's hash chain.</summary>
internal sealed class BatchStatement : ColumnStatement
{
    readonly List<int> _jackpot;
    readonly List<long> _firstSequence;
    readonly List<int> _count;
    readonly List<int> _configVersion;
    readonly List<byte[]> _root;
    readonly List<byte[]> _head;
    readonly List<long> _decidedAtMs;
    readonly NpgsqlParameter<DateOnly> _day;

    public BatchStatement() : base($"""
        INSERT INTO batch (jackpot, first_sequence, count, config_version, root, head, decided_at_ms, day)
        SELECT {Unnested(7)}, $8
        """)
    {
        _jackpot = Column<int>(NpgsqlDbType.Integer);
        _firstSequence = Column<long>(NpgsqlDbType.Bigint);
        _count = Column<int>(NpgsqlDbType.Integer);
        _configVersion = Column<int>(NpgsqlDbType.Integer);
        _root = Column<byte[]>(NpgsqlDbType.Bytea);
        _head = Column<byte[]>(NpgsqlDbType.Bytea);
        _decidedAtMs = Column<long>(NpgsqlDbType.Bigint);
        _day = Value<DateOnly>(NpgsqlDbType.Date);
    }

    public void Begin(DateOnly day) => _day.TypedValue = day;

    public void Add(JackpotPlan plan)
    {
        _jackpot.Add(plan.Before.Number);
        _firstSequence.Add(plan.FirstSequence);
        _count.Add(plan.Decision.Consumed);
        _configVersion.Add(plan.Before.Terms.Version);
        _root.Add(plan.Root.ToArray());
        _head.Add(plan.After.State.ChainHead.ToArray());
        _decidedAtMs.Add(plan.DecidedAtMs);
    }
}

/// <summary>The double-entry rows: per pool and step one row over all accounts that sums to zero.</summary>
internal sealed class JournalStatement : ColumnStatement
{
    public const string Batch = "batch";
    public const string Seed = "seed";
    public const string ExternalDrop = "call";
    public const string Transfer = "transfer";
    public const string Funding = "funding";
    public const string Void = "void";

    readonly List<int> _pool;
    readonly List<long> _sequence;
    readonly List<long> _cycle;
    readonly List<string> _kind;
    readonly List<long> _players;
    readonly List<long> _increment;
    readonly List<long> _seed;
    readonly List<long> _reserve;
    readonly List<long> _overflow;
    readonly List<long> _house;
    readonly List<long> _awards;
    readonly List<long> _transfer;
    readonly List<long> _version;
    readonly NpgsqlParameter<DateOnly> _day;

    public JournalStatement() : base($"""
        INSERT INTO journal (pool, sequence, cycle, kind, players, increment, seed, reserve, overflow, house, awards, transfer, version, day)
        SELECT {Unnested(13)}, $14
        """)
    {
        _pool = Column<int>(NpgsqlDbType.Integer);
        _sequence = Column<long>(NpgsqlDbType.Bigint);
        _cycle = Column<long>(NpgsqlDbType.Bigint);
        _kind = Column<string>(NpgsqlDbType.Text);
        _players = Column<long>(NpgsqlDbType.Bigint);
        _increment = Column<long>(NpgsqlDbType.Bigint);
        _seed = Column<long>(NpgsqlDbType.Bigint);
        _reserve = Column<long>(NpgsqlDbType.Bigint);
        _overflow = Column<long>(NpgsqlDbType.Bigint);
        _house = Column<long>(NpgsqlDbType.Bigint);
        _awards = Column<long>(NpgsqlDbType.Bigint);
        _transfer = Column<long>(NpgsqlDbType.Bigint);
        _version = Column<long>(NpgsqlDbType.Bigint);
        _day = Value<DateOnly>(NpgsqlDbType.Date);
    }

    public void Begin(DateOnly day) => _day.TypedValue = day;

    /// <summary>Adds the row of one pool, when it has any entries in <paramref name="ledger"/>.</summary>
    /// <param name="number">The pool's key.</param>
    /// <param name="pool">Its cycle is the one that the movements belong to.</param>
    /// <param name="after">The jackpot once this is committed.</param>
    /// <param name="kind">What moved the money.</param>
    /// <param name="ledger">The movements of all pools.</param>
    public void Add(int number, PoolState pool, JackpotState after, string kind, ImmutableArray<LedgerEntry> ledger)
    {
        Span<long> accounts = stackalloc long[AccountsMax];
        accounts.Clear();
        var any = false;
        foreach (var entry in ledger)
        {
            if (entry.Pool == pool.Id)
            {
                accounts[(int)entry.Account] += entry.Micros;
                any = true;
            }
        }

        if (!any)
        {
            return;
        }

        _pool.Add(number);
        _sequence.Add(after.Sequence);
        _version.Add(after.Version);
        _cycle.Add(pool.Cycle);
        _kind.Add(kind);
        _players.Add(accounts[(int)Account.PlayerContributions]);
        _increment.Add(accounts[(int)Account.PoolIncrement]);
        _seed.Add(accounts[(int)Account.PoolSeed]);
        _reserve.Add(accounts[(int)Account.Reserve]);
        _overflow.Add(accounts[(int)Account.Overflow]);
        _house.Add(accounts[(int)Account.House]);
        _awards.Add(accounts[(int)Account.AwardsPayable]);
        _transfer.Add(accounts[(int)Account.Transfer]);
    }

    const int AccountsMax = 8;
}
