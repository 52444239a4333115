using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
using Jackpot.Core.Community;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Outbox;
using Jackpot.Shard.Jackpots;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Payouts.Community;

/// <summary>
/// Chooses who shares an award and writes their payouts, once: the split follows from rows that were committed with the drop and from the
/// secret that it revealed, so whoever does it, however late, comes to the same shares, and whoever comes second changes nothing.
/// </summary>
internal sealed class AwardSharing(NpgsqlDataSource database, ArchivedRows archive, OutboxSignal outbox, TimeProvider clock)
{
    /// <summary>Why an award is held that has more players than <see cref="CommunityRoll.PlayersMax"/>.</summary>
    public const string TooLarge = "community_too_large";

    /// <summary>Most players that are looked at.</summary>
    public int PlayersMax { get; init; } = CommunityRoll.PlayersMax;

    /// <summary>Shares the award unless that was done, and gives back the payouts that have not been begun.</summary>
    /// <returns>Null when there is no such award.</returns>
    /// <exception cref="ArchivedRowsException">Rows of its cycle are in the archive and have been asked for; share it later.</exception>
    public async Task<IReadOnlyList<string>?> ShareAsync(string awardId, CancellationToken ct)
    {
        try
        {
            return await ShareOnceAsync(awardId, ct);
        }
        catch (ArchivedRowsException missing)
        {
            await archive.AskAsync(missing, ct);
            throw;
        }
    }

    async Task<IReadOnlyList<string>?> ShareOnceAsync(string awardId, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await SharedAward.LockAsync(transaction, awardId, ct) is not { } award)
        {
            return null;
        }

        if (award.State == Payout.Sharing)
        {
            await WriteAsync(connection, award, await CommunityRoll.ReadAsync(connection, award, PlayersMax, ct), ct);
        }

        var requested = await RequestedAsync(connection, awardId, ct);
        await transaction.CommitAsync(ct);
        outbox.Raise();
        return requested;
    }

    async Task WriteAsync(NpgsqlConnection connection, SharedAward award, CommunityRoll? roll, CancellationToken ct)
    {
        var statement = new ShareStatement(award, clock.GetUtcNow());
        if (roll is null)
        {
            statement.Hold(TooLarge);
            await statement.ExecuteAsync(connection, ct);
            return;
        }

        var shares = award.Split(roll).Where(share => share.Part is null || share.Micros > 0).ToList();
        var rates = await BetRates.ReadAsync(connection, award.Jackpot, shares.Where(share => share.Part is not null).Select(share => roll.LastSequenceOf(share.Player)), ct);
        foreach (var share in shares)
        {
            if (share.Part is null)
            {
                statement.Add(share, (award.TenantId, award.PlayerId), award.Rate);
            }
            else
            {
                statement.Add(share, roll.NameOf(share.Player), rates.GetValueOrDefault(roll.LastSequenceOf(share.Player)));
            }
        }

        await statement.ExecuteAsync(connection, ct);
    }

    static async Task<IReadOnlyList<string>> RequestedAsync(NpgsqlConnection connection, string awardId, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT payout_id FROM payout WHERE award_id = $1 AND state = 'requested' ORDER BY winner", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = awardId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var payouts = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            payouts.Add(reader.GetString(0));
        }

        return payouts;
    }

    /// <summary>One statement, so that the payouts are the award before it and after it and at no moment something else.</summary>
    sealed class ShareStatement(SharedAward award, DateTimeOffset now)
    {
        readonly List<string> _payoutId = [];
        readonly List<string> _tenant = [];
        readonly List<string> _player = [];
        readonly List<long> _amount = [];
        readonly List<string> _part = [];
        readonly List<long> _paid = [];
        readonly List<string> _paidCurrency = [];
        readonly List<long> _rate = [];
        readonly List<int> _rateVersion = [];
        readonly List<long> _settlement = [];
        readonly List<string> _kind = [];
        readonly List<string> _payload = [];
        string _state = Payout.Requested;
        string? _reason;
        long _rest = award.AmountMicros;
        PlayerAmount _first = PlayerRate.Split(new Money(award.AmountMicros, award.Currency), award.Rate).Amount;

        public void Hold(string reason)
        {
            (_state, _reason) = (Payout.Held, reason);
            Tell(Topics.PayoutHeld, Payout.IdOf(award.AwardId), award.TenantId, _rest);
        }

        public void Add(CommunityShare share, (string Tenant, string Player) winner, PlayerRate? bet)
        {
            var (amount, rate) = PlayerRate.Split(new Money(share.Micros, award.Currency), bet);
            if (share.Part is null)
            {
                (_rest, _first) = (share.Micros, amount);
                Tell(Topics.PayoutRequested, Payout.IdOf(award.AwardId), winner.Tenant, share.Micros);
                return;
            }

            var payoutId = Payout.IdOf(award.AwardId, _payoutId.Count + 1);
            _payoutId.Add(payoutId);
            _tenant.Add(winner.Tenant);
            _player.Add(winner.Player);
            _amount.Add(share.Micros);
            _part.Add(CommunityTerms.WordOf(share.Part));
            var (currency, nanos, version) = PlayerRate.Columns(rate, award.Currency);
            _paid.Add(amount.Paid.Micros);
            _paidCurrency.Add(currency);
            _rate.Add(nanos);
            _rateVersion.Add(version);
            _settlement.Add(amount.Settlement.Micros);
            Tell(Topics.PayoutRequested, payoutId, winner.Tenant, share.Micros);
        }

        void Tell(string topic, string payoutId, string tenantId, long micros)
        {
            _kind.Add(topic);
            _payload.Add(JsonSerializer.Serialize(
                new PayoutChanged(payoutId, award.AwardId, tenantId, new Money(micros, award.Currency), _state, _reason, 0, now),
                EventJson.Default.PayoutChanged));
        }

        public async Task ExecuteAsync(NpgsqlConnection connection, CancellationToken ct)
        {
            await using var command = new NpgsqlCommand("""
                WITH first AS (
                         UPDATE payout SET amount = $2, state = $3, reason = $4, changed_at = $5, paid = $13, paid_currency = $14, settlement = $15
                         WHERE award_id = $1 AND winner = 0),
                     others AS (
                         INSERT INTO payout (payout_id, award_id, winner, tenant_id, player_id, amount, part, paid, paid_currency, rate_nanos, rate_version,
                                             settlement, state, requested_at, changed_at)
                         SELECT id, $1, nr, tenant, player, amount, part, paid, currency, rate, version, settlement, 'requested', $5, $5
                         FROM unnest($6, $7, $8, $9, $10, $16, $17, $18, $19, $20) WITH ORDINALITY
                              AS u (id, tenant, player, amount, part, paid, currency, rate, version, settlement, nr))
                INSERT INTO outbox (kind, payload) SELECT * FROM unnest($11, $12)
                """, connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = award.AwardId });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _rest });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _state });
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)_reason ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
            command.Parameters.Add(Column(_payoutId, NpgsqlDbType.Text));
            command.Parameters.Add(Column(_tenant, NpgsqlDbType.Text));
            command.Parameters.Add(Column(_player, NpgsqlDbType.Text));
            command.Parameters.Add(Column(_amount, NpgsqlDbType.Bigint));
            command.Parameters.Add(Column(_part, NpgsqlDbType.Text));
            command.Parameters.Add(Column(_kind, NpgsqlDbType.Text));
            command.Parameters.Add(Column(_payload, NpgsqlDbType.Text));
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _first.Paid.Micros });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _first.Paid.Currency.Code });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _first.Settlement.Micros });
            command.Parameters.Add(Column(_paid, NpgsqlDbType.Bigint));
            command.Parameters.Add(Column(_paidCurrency, NpgsqlDbType.Text));
            command.Parameters.Add(Column(_rate, NpgsqlDbType.Bigint));
            command.Parameters.Add(Column(_rateVersion, NpgsqlDbType.Integer));
            command.Parameters.Add(Column(_settlement, NpgsqlDbType.Bigint));
            await command.ExecuteNonQueryAsync(ct);
        }

        static NpgsqlParameter<List<T>> Column<T>(List<T> rows, NpgsqlDbType type) =>
            new() { TypedValue = rows, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
