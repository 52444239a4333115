using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Commit;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Outbox;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Voids;

/// <summary>Writes a step of voids under the jackpot's lock.</summary>
internal static class VoidCommit
{
    public static async Task WriteAsync(NpgsqlConnection connection, VoidPlan plan, DedupeWindows.View windows, string shard, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Jackpot(plan));
        foreach (var statement in Statements(plan, windows, shard))
        {
            batch.BatchCommands.Add(statement.Command);
        }

        batch.BatchCommands.Add(Step(plan));
        await batch.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlBatchCommand Jackpot(VoidPlan plan) => new("UPDATE jackpot_state SET version = $2, chain_head = $3 WHERE id = $1")
    {
        Parameters =
        {
            new NpgsqlParameter<int> { TypedValue = plan.Before.Number },
            new NpgsqlParameter<long> { TypedValue = plan.After.State.Version },
            new NpgsqlParameter<byte[]> { TypedValue = plan.After.State.ChainHead.ToArray() },
        },
    };

    static NpgsqlBatchCommand Step(VoidPlan plan) => new("""
        INSERT INTO void_step (jackpot, first_number, count, after_sequence, version, config_version, day, root, head_before, head)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """)
    {
        Parameters =
        {
            new NpgsqlParameter<int> { TypedValue = plan.Before.Number },
            new NpgsqlParameter<long> { TypedValue = plan.FirstNumber },
            new NpgsqlParameter<int> { TypedValue = plan.Taken.Count },
            new NpgsqlParameter<long> { TypedValue = plan.Before.State.Sequence },
            new NpgsqlParameter<long> { TypedValue = plan.After.State.Version },
            new NpgsqlParameter<int> { TypedValue = plan.Before.Terms.Version },
            new NpgsqlParameter<DateOnly> { TypedValue = DateOnly.FromDateTime(plan.Now.UtcDateTime) },
            new NpgsqlParameter<byte[]> { TypedValue = plan.Root.ToArray() },
            new NpgsqlParameter<byte[]> { TypedValue = plan.Before.State.ChainHead.ToArray() },
            new NpgsqlParameter<byte[]> { TypedValue = plan.After.State.ChainHead.ToArray() },
        },
    };

    static IEnumerable<ColumnStatement> Statements(VoidPlan plan, DedupeWindows.View windows, string shard)
    {
        var (pools, journal) = (new PoolStatement(), new JournalStatement());
        journal.Begin(DateOnly.FromDateTime(plan.Now.UtcDateTime));
        for (var tier = 0; tier < plan.Before.PoolNumbers.Length; tier++)
        {
            pools.Add(plan.Before.PoolNumbers[tier], plan.After.State.Pools[tier]);
            journal.Add(plan.Before.PoolNumbers[tier], plan.After.State.Pools[tier], plan.After.State, JournalStatement.Void, plan.Decision.Ledger);
        }

        yield return pools;
        var keys = new DedupeStatement();
        keys.Begin(windows);
        var rows = new VoidStatement();
        rows.Begin(plan.Now.UtcDateTime);
        foreach (var one in plan.Taken)
        {
            keys.Add(one.Item, -one.Number);
            rows.Add(plan.Before.Number, one);
        }

        yield return keys;
        yield return rows;
        yield return journal;
        var outbox = new OutboxStatement(shard);
        outbox.AddVoided(plan.After, plan.Taken.Select(one => new VoidedContribution(
            one.Bet.TenantId, one.Number, one.Bet.Bet.Sequence, new Money(one.Part.ContributionMicros, plan.After.Config.Currency),
            new Money(one.Part.CarriedMicros, plan.After.Config.Currency), one.Bet.Awards)), plan.Now);
        yield return outbox;
    }

    /// <summary>The voids themselves.</summary>
    sealed class VoidStatement : ColumnStatement
    {
        readonly List<int> _jackpot;
        readonly List<long> _number;
        readonly List<long> _sequence;
        readonly List<long> _bet;
        readonly List<long> _stake;
        readonly List<long> _contribution;
        readonly List<long> _carried;
        readonly List<short> _road;
        readonly List<Guid> _key16;
        readonly List<Guid> _body16;
        readonly List<string> _tenant;
        readonly List<string> _contributionId;
        readonly List<string> _game;
        readonly List<DateOnly> _betDay;
        readonly List<string> _reason;
        readonly List<string> _approvedBy;
        readonly List<string> _awards;
        readonly List<string> _currency;
        readonly NpgsqlParameter<DateTime> _now;

        public VoidStatement() : base($"""
            INSERT INTO void (jackpot, number, sequence, bet, bet_currency, stake, contribution, carried, road, key16, body16, tenant_id, contribution_id, game_id,
                              bet_day, reason, approved_by, awards, voided_at)
            SELECT a, b, c, d, r, e, f, g, h, i, j, k, l, m, n, o, p, string_to_array(q, ' '), $19
            FROM (SELECT {Unnested(18)}) AS u (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r)
            """)
        {
            _jackpot = Column<int>(NpgsqlDbType.Integer);
            _number = Column<long>(NpgsqlDbType.Bigint);
            _sequence = Column<long>(NpgsqlDbType.Bigint);
            _bet = Column<long>(NpgsqlDbType.Bigint);
            _stake = Column<long>(NpgsqlDbType.Bigint);
            _contribution = Column<long>(NpgsqlDbType.Bigint);
            _carried = Column<long>(NpgsqlDbType.Bigint);
            _road = Column<short>(NpgsqlDbType.Smallint);
            _key16 = Column<Guid>(NpgsqlDbType.Uuid);
            _body16 = Column<Guid>(NpgsqlDbType.Uuid);
            _tenant = Column<string>(NpgsqlDbType.Text);
            _contributionId = Column<string>(NpgsqlDbType.Text);
            _game = Column<string>(NpgsqlDbType.Text);
            _betDay = Column<DateOnly>(NpgsqlDbType.Date);
            _reason = Column<string>(NpgsqlDbType.Text);
            _approvedBy = Column<string>(NpgsqlDbType.Text);
            _awards = Column<string>(NpgsqlDbType.Text);
            _currency = Column<string>(NpgsqlDbType.Text);
            _now = Value<DateTime>(NpgsqlDbType.TimestampTz);
        }

        public void Begin(DateTime now) => _now.TypedValue = now;

        public void Add(int jackpot, TakenVoid one)
        {
            _jackpot.Add(jackpot);
            _number.Add(one.Number);
            _sequence.Add(one.Bet.Bet.Sequence);
            _bet.Add(one.Part.BetMicros);
            _stake.Add(one.Part.StakeMicros);
            _contribution.Add(one.Part.ContributionMicros);
            _carried.Add(one.Part.CarriedMicros);
            _road.Add((short)one.Item.Void!.Road);
            _key16.Add(one.Item.Key16);
            _body16.Add(one.Item.Body16);
            _tenant.Add(one.Bet.TenantId);
            _contributionId.Add(one.Bet.ContributionId);
            _game.Add(one.Bet.GameId);
            _betDay.Add(one.Bet.Day);
            _reason.Add(one.Item.Void.Reason);
            _approvedBy.Add(one.Item.Void.ApprovedBy);
            _awards.Add(string.Join(' ', one.Bet.Awards));
            _currency.Add(one.Bet.Currency);
        }
    }
}
