using Jackpot.Core.Amounts;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Commit;

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
    readonly List<short> _rules;
    readonly NpgsqlParameter<DateTime> _now;

    public OpenCycleStatement() : base("""
        INSERT INTO cycle (pool, cycle, config_version, commitment, sealed_secret, opened_after_sequence, opening_increment,
                           opening_seed, opening_reserve, opening_overflow, threshold_above, opened_at_ms, last_award, rules, opened_at)
        SELECT *, $15 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
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
        _rules = Column<short>(NpgsqlDbType.Smallint);
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
        _rules.Add((short)opened.Opening.RulesVersion);
    }
}

/// <summary>Freezes the awards. The tables refuse one whose payouts are not committed with it.</summary>
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
    readonly List<long> _house;
    readonly List<string?> _triggeredBy;
    readonly List<string> _tickets;
    readonly List<int> _configVersion;
    readonly List<int> _epoch;
    readonly NpgsqlParameter<DateTime> _now;

    // Arrays of different lengths do not fit into one array parameter, so the tickets travel as text.
    public AwardStatement() : base("""
        INSERT INTO award (award_id, pool, cycle, jackpot, sequence, amount, currency, tenant_id, player_id, contribution_id, game_id,
                           round_id, remainder, house, called_by, winning_tickets, config_version, shard_epoch, awarded_at)
        SELECT a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, string_to_array(p, ',')::bigint[], q, jp_require_epoch(r), $19
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
             AS u (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r)
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
        _house = Column<long>(NpgsqlDbType.Bigint);
        _triggeredBy = Column<string?>(NpgsqlDbType.Text);
        _tickets = Column<string>(NpgsqlDbType.Text);
        _configVersion = Column<int>(NpgsqlDbType.Integer);
        _epoch = Column<int>(NpgsqlDbType.Integer);
        _now = Value<DateTime>(NpgsqlDbType.TimestampTz);
    }

    public void Begin(DateTime now) => _now.TypedValue = now;

    public void Add(LoadedJackpot jackpot, FrozenAward award)
    {
        var (drop, first) = (award.Drop, award.Shares[0].Winner);
        _awardId.Add(award.Id.Value);
        _pool.Add(jackpot.PoolNumbers[award.Tier]);
        _cycle.Add(drop.Cycle);
        _jackpot.Add(jackpot.Number);
        _sequence.Add(drop.Sequence);
        _amount.Add(drop.AwardMicros);
        _currency.Add(jackpot.Config.Currency.Code);
        _tenant.Add(first.TenantId);
        _player.Add(first.PlayerId);
        _contributionId.Add(first.ContributionId);
        _game.Add(first.GameId);
        _round.Add(first.RoundId);
        _remainder.Add(drop.RemainderMicros);
        _house.Add(award.HouseMicros);
        _triggeredBy.Add(award.TriggeredBy);
        _tickets.Add(drop.Evidence is TicketsDrawn drawn ? string.Join(',', drawn.WinningTickets) : "");
        _configVersion.Add(jackpot.Terms.Version);
        _epoch.Add(jackpot.Epoch.Number);
    }
}

/// <summary>Asks for the payouts of the awards, one per winner, in the commit that freezes them.</summary>
internal sealed class PayoutStatement : ColumnStatement
{
    readonly List<string> _payoutId;
    readonly List<string> _awardId;
    readonly List<int> _winner;
    readonly List<string> _tenant;
    readonly List<string> _player;
    readonly List<long> _amount;
    readonly List<string> _state;
    readonly List<long> _paid;
    readonly List<string> _paidCurrency;
    readonly List<long> _rate;
    readonly List<int> _rateVersion;
    readonly List<long> _settlement;
    readonly List<string> _game;
    readonly List<string> _round;
    readonly List<string> _contributionId;
    readonly NpgsqlParameter<DateTime> _now;

    public PayoutStatement() : base("""
        INSERT INTO payout (payout_id, award_id, winner, tenant_id, player_id, amount, state, paid, paid_currency, rate_nanos, rate_version, settlement,
                            game_id, round_id, contribution_id, requested_at, changed_at)
        SELECT *, $16, $16 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """)
    {
        _payoutId = Column<string>(NpgsqlDbType.Text);
        _awardId = Column<string>(NpgsqlDbType.Text);
        _winner = Column<int>(NpgsqlDbType.Integer);
        _tenant = Column<string>(NpgsqlDbType.Text);
        _player = Column<string>(NpgsqlDbType.Text);
        _amount = Column<long>(NpgsqlDbType.Bigint);
        _state = Column<string>(NpgsqlDbType.Text);
        _paid = Column<long>(NpgsqlDbType.Bigint);
        _paidCurrency = Column<string>(NpgsqlDbType.Text);
        _rate = Column<long>(NpgsqlDbType.Bigint);
        _rateVersion = Column<int>(NpgsqlDbType.Integer);
        _settlement = Column<long>(NpgsqlDbType.Bigint);
        _game = Column<string>(NpgsqlDbType.Text);
        _round = Column<string>(NpgsqlDbType.Text);
        _contributionId = Column<string>(NpgsqlDbType.Text);
        _now = Value<DateTime>(NpgsqlDbType.TimestampTz);
    }

    public void Begin(DateTime now) => _now.TypedValue = now;

    public void Add(LoadedJackpot jackpot, FrozenAward award)
    {
        for (var winner = 0; winner < award.Shares.Length; winner++)
        {
            var share = award.Shares[winner];
            _payoutId.Add(Payout.IdOf(award.Id.Value, winner));
            _awardId.Add(award.Id.Value);
            _winner.Add(winner);
            _tenant.Add(share.Winner.TenantId);
            _player.Add(share.Winner.PlayerId);
            _amount.Add(share.Micros);
            _state.Add(jackpot.Terms.IsShared(award.Tier) ? Payout.Sharing : Payout.Requested);
            var (amount, rate) = PlayerRate.Split(new Money(share.Micros, jackpot.Config.Currency), share.Winner.Rate);
            var (currency, nanos, version) = PlayerRate.Columns(rate, jackpot.Config.Currency);
            _paid.Add(amount.Paid.Micros);
            _paidCurrency.Add(currency);
            _rate.Add(nanos);
            _rateVersion.Add(version);
            _settlement.Add(amount.Settlement.Micros);
            _game.Add(share.Winner.GameId);
            _round.Add(share.Winner.RoundId);
            _contributionId.Add(share.Winner.ContributionId);
        }
    }
}
