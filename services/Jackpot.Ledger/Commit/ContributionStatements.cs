using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Commit;

/// <summary>The contributions themselves.</summary>
internal sealed class ContributionStatement : ColumnStatement
{
    readonly List<int> _jackpot;
    readonly List<long> _sequence;
    readonly List<long> _stake;
    readonly List<long> _contribution;
    readonly List<byte[]> _amounts;
    readonly List<Guid> _key16;
    readonly List<Guid> _body16;
    readonly List<string> _tenant;
    readonly List<string> _contributionId;
    readonly List<string> _player;
    readonly List<string> _game;
    readonly List<string> _round;
    readonly List<long> _bet;
    readonly List<string> _betCurrency;
    readonly List<long> _rateNanos;
    readonly List<int> _rateVersion;
    readonly List<DateTime> _occurredAt;
    readonly List<DateTime> _receivedAt;
    readonly List<short> _funding;
    readonly NpgsqlParameter<DateOnly> _day;

    public ContributionStatement() : base($"""
        INSERT INTO contribution (jackpot, sequence, stake, contribution, amounts, key16, body16, tenant_id, contribution_id, player_id,
                                  game_id, round_id, bet, bet_currency, rate_nanos, rate_version, occurred_at, received_at, funding, day)
        SELECT {Unnested(19)}, $20
        """)
    {
        _jackpot = Column<int>(NpgsqlDbType.Integer);
        _sequence = Column<long>(NpgsqlDbType.Bigint);
        _stake = Column<long>(NpgsqlDbType.Bigint);
        _contribution = Column<long>(NpgsqlDbType.Bigint);
        _amounts = Column<byte[]>(NpgsqlDbType.Bytea);
        _key16 = Column<Guid>(NpgsqlDbType.Uuid);
        _body16 = Column<Guid>(NpgsqlDbType.Uuid);
        _tenant = Column<string>(NpgsqlDbType.Text);
        _contributionId = Column<string>(NpgsqlDbType.Text);
        _player = Column<string>(NpgsqlDbType.Text);
        _game = Column<string>(NpgsqlDbType.Text);
        _round = Column<string>(NpgsqlDbType.Text);
        _bet = Column<long>(NpgsqlDbType.Bigint);
        _betCurrency = Column<string>(NpgsqlDbType.Text);
        _rateNanos = Column<long>(NpgsqlDbType.Bigint);
        _rateVersion = Column<int>(NpgsqlDbType.Integer);
        _occurredAt = Column<DateTime>(NpgsqlDbType.TimestampTz);
        _receivedAt = Column<DateTime>(NpgsqlDbType.TimestampTz);
        _funding = Column<short>(NpgsqlDbType.Smallint);
        _day = Value<DateOnly>(NpgsqlDbType.Date);
    }

    public void Begin(DateOnly day) => _day.TypedValue = day;

    public void Add(in AcceptedContribution item, long sequence, long contributionMicros, ReadOnlySpan<long> amounts)
    {
        _jackpot.Add(item.Jackpot);
        _sequence.Add(sequence);
        _stake.Add(item.StakeMicros);
        _contribution.Add(contributionMicros);
        _amounts.Add(PackedAmounts.Pack(amounts));
        _key16.Add(item.Key16);
        _body16.Add(item.Body16);
        _tenant.Add(item.TenantId);
        _contributionId.Add(item.ContributionId);
        _player.Add(item.PlayerId);
        _game.Add(item.GameId);
        _round.Add(item.RoundId);
        _bet.Add(item.BetMicros);
        _betCurrency.Add(item.BetCurrency);
        _rateNanos.Add(item.RateNanos);
        _rateVersion.Add(item.RateVersion);
        _occurredAt.Add(new DateTime(item.OccurredAtTicks, DateTimeKind.Utc));
        _receivedAt.Add(new DateTime(item.ReceivedAtTicks, DateTimeKind.Utc));
        _funding.Add((short)item.Funding);
    }
}
