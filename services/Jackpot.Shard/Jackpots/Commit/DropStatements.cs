using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Shard.Contributions;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Jackpots.Commit;

/// <summary>Ends the dropped cycles and publishes their secrets.</summary>
internal sealed class CloseCycleStatement : ColumnStatement
{
    readonly List<int> _pool;
    readonly List<long> _cycle;
    readonly List<byte[]> _secret;
    readonly List<long> _sequence;
    readonly NpgsqlParameter<DateTime> _now;

    public CloseCycleStatement() : base("""
        UPDATE cycle c SET secret = u.secret, dropped_at_sequence = u.sequence, dropped_at = $5
        FROM unnest($1, $2, $3, $4) AS u (pool, cycle, secret, sequence)
        WHERE c.pool = u.pool AND c.cycle = u.cycle AND c.dropped_at IS NULL
        """)
    {
        _pool = Column<int>(NpgsqlDbType.Integer);
        _cycle = Column<long>(NpgsqlDbType.Bigint);
        _secret = Column<byte[]>(NpgsqlDbType.Bytea);
        _sequence = Column<long>(NpgsqlDbType.Bigint);
        _now = Value<DateTime>(NpgsqlDbType.TimestampTz);
    }

    public void Begin(DateTime now) => _now.TypedValue = now;

    public void Add(int pool, Drop drop, in CycleSecret secret)
    {
        var revealed = new byte[CycleSecret.Bytes];
        secret.CopyTo(revealed);
        _pool.Add(pool);
        _cycle.Add(drop.Cycle);
        _secret.Add(revealed);
        _sequence.Add(drop.Sequence);
    }
}

/// <summary>Opens cycles: the commitment is public from this commit on, the secret sealed.</summary>
internal sealed class OpenCycleStatement : ColumnStatement
{
    readonly List<int> _pool;
    readonly List<long> _cycle;
    readonly List<int> _configVersion;
    readonly List<byte[]> _commitment;
    readonly List<byte[]> _sealed;
    readonly List<long> _openedAfter;
    readonly List<long> _increment;
    readonly List<long> _seed;
    readonly List<long> _reserve;
    readonly List<long> _overflow;
    readonly List<long> _thresholdAbove;
    readonly List<long> _openedAtMs;
    readonly List<long> _lastAward;
    readonly NpgsqlParameter<DateTime> _now;

    public OpenCycleStatement() : base("""
        INSERT INTO cycle (pool, cycle, config_version, commitment, sealed_secret, opened_after_sequence, opening_increment,
                           opening_seed, opening_reserve, opening_overflow, threshold_above, opened_at_ms, last_award, opened_at)
        SELECT *, $14 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """)
    {
        _pool = Column<int>(NpgsqlDbType.Integer);
        _cycle = Column<long>(NpgsqlDbType.Bigint);
        _configVersion = Column<int>(NpgsqlDbType.Integer);
        _commitment = Column<byte[]>(NpgsqlDbType.Bytea);
        _sealed = Column<byte[]>(NpgsqlDbType.Bytea);
        _openedAfter = Column<long>(NpgsqlDbType.Bigint);
        _increment = Column<long>(NpgsqlDbType.Bigint);
        _seed = Column<long>(NpgsqlDbType.Bigint);
        _reserve = Column<long>(NpgsqlDbType.Bigint);
        _overflow = Column<long>(NpgsqlDbType.Bigint);
        _thresholdAbove = Column<long>(NpgsqlDbType.Bigint);
        _openedAtMs = Column<long>(NpgsqlDbType.Bigint);
        _lastAward = Column<long>(NpgsqlDbType.Bigint);
        _now = Value<DateTime>(NpgsqlDbType.TimestampTz);
    }

    public void Begin(DateTime now) => _now.TypedValue = now;

    public void Add(LoadedJackpot jackpot, OpenedCycle opened)
    {
        _pool.Add(jackpot.PoolNumbers[opened.Tier]);
        _cycle.Add(opened.Opening.Cycle);
        _configVersion.Add(jackpot.Config.Version);
        _commitment.Add(opened.Commitment.Value.ToArray());
        _sealed.Add(opened.Sealed);
        _openedAfter.Add(opened.Opening.OpenedAfterSequence);
        _increment.Add(opened.Opening.IncrementMicros);
        _seed.Add(opened.Opening.SeedMicros);
        _reserve.Add(opened.Opening.ReserveMicros);
        _overflow.Add(opened.Opening.OverflowMicros);
        _thresholdAbove.Add(opened.Opening.ThresholdAboveMicros);
        _openedAtMs.Add(opened.Opening.OpenedAtUnixMs);
        _lastAward.Add(opened.Opening.LastAwardMicros);
    }
}

/// <summary>Freezes the awards and asks for their payouts in the same commit: an award without a payout cannot exist.</summary>
internal sealed class AwardStatement : ColumnStatement
{
    readonly List<string> _awardId;
    readonly List<int> _pool;
    readonly List<long> _cycle;
    readonly List<int> _jackpot;
    readonly List<long> _sequence;
    readonly List<long> _amount;
    readonly List<string> _currency;
    readonly List<string> _tenant;
    readonly List<string> _player;
    readonly List<string> _contributionId;
    readonly List<string> _game;
    readonly List<string> _round;
    readonly List<long> _remainder;
    readonly List<int> _configVersion;
    readonly NpgsqlParameter<DateTime> _now;

    public AwardStatement() : base("""
        WITH awarded AS (
            INSERT INTO award (award_id, pool, cycle, jackpot, sequence, amount, currency, tenant_id, player_id, contribution_id, game_id,
                               round_id, remainder, config_version, awarded_at)
            SELECT *, $15 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            RETURNING award_id)
        INSERT INTO payout (payout_id, award_id, state, requested_at, changed_at)
        SELECT 'payout-' || award_id, award_id, 'requested', $15, $15 FROM awarded
        """)
    {
        _awardId = Column<string>(NpgsqlDbType.Text);
        _pool = Column<int>(NpgsqlDbType.Integer);
        _cycle = Column<long>(NpgsqlDbType.Bigint);
        _jackpot = Column<int>(NpgsqlDbType.Integer);
        _sequence = Column<long>(NpgsqlDbType.Bigint);
        _amount = Column<long>(NpgsqlDbType.Bigint);
        _currency = Column<string>(NpgsqlDbType.Text);
        _tenant = Column<string>(NpgsqlDbType.Text);
        _player = Column<string>(NpgsqlDbType.Text);
        _contributionId = Column<string>(NpgsqlDbType.Text);
        _game = Column<string>(NpgsqlDbType.Text);
        _round = Column<string>(NpgsqlDbType.Text);
        _remainder = Column<long>(NpgsqlDbType.Bigint);
        _configVersion = Column<int>(NpgsqlDbType.Integer);
        _now = Value<DateTime>(NpgsqlDbType.TimestampTz);
    }

    public void Begin(DateTime now) => _now.TypedValue = now;

    public void Add(LoadedJackpot jackpot, int tier, Drop drop, in AcceptedContribution winner)
    {
        _awardId.Add(drop.Award.Value);
        _pool.Add(jackpot.PoolNumbers[tier]);
        _cycle.Add(drop.Cycle);
        _jackpot.Add(jackpot.Number);
        _sequence.Add(drop.Sequence);
        _amount.Add(drop.AwardMicros);
        _currency.Add(jackpot.Config.Currency.Code);
        _tenant.Add(winner.TenantId);
        _player.Add(winner.PlayerId);
        _contributionId.Add(winner.ContributionId);
        _game.Add(winner.GameId);
        _round.Add(winner.RoundId);
        _remainder.Add(drop.RemainderMicros);
        _configVersion.Add(jackpot.Terms.Version);
    }
}
