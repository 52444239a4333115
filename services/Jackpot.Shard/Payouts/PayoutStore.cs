using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
using Jackpot.Core.Payouts;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Outbox;
using Jackpot.Ledger.Parking;
using Jackpot.Ledger.Texts;
using Npgsql;

namespace Jackpot.Shard.Payouts;

/// <summary>The payout rows: every change of state with its event, in one commit.</summary>
internal sealed class PayoutStore(NpgsqlDataSource database, OutboxSignal outbox, TimeProvider clock)
{
    /// <summary>Most of a wallet's reason that is kept.</summary>
    public const int ReasonCharsMax = 200;

    const string Columns = """
        p.payout_id, p.award_id, p.state, p.reason, p.attempts, coalesce(p.to_tenant, p.tenant_id), coalesce(p.to_player, p.player_id), p.amount, a.currency,
        p.looks, p.route, a.amount + a.house, p.waived, coalesce(p.paid, p.amount), coalesce(p.paid_currency, a.currency),
        coalesce(p.game_id, CASE WHEN p.winner = 0 THEN a.game_id END), coalesce(p.round_id, CASE WHEN p.winner = 0 THEN a.round_id END),
        coalesce(p.contribution_id, CASE WHEN p.winner = 0 THEN a.contribution_id END), j.jackpot_id, j.definition->>'name', q.pool_id, p.part
        """;

    /// <summary>A payout as it stands, or null when there is none.</summary>
    public async Task<Payout?> FindAsync(string payoutId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM payout p JOIN award a USING (award_id) JOIN jackpot j ON j.id = a.jackpot JOIN pool q ON q.id = a.pool WHERE p.payout_id = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payoutId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    /// <summary>
    /// Notes, before the wallet is sent a credit, that it is about to be: whoever finds "crediting" later must query first. Null when another attempt or a
    /// person has moved the payout since it was read, and then nothing may be sent.
    /// </summary>
    public async Task<Payout?> BeginCreditAsync(Payout payout, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            UPDATE payout SET state = 'crediting', attempts = attempts + 1, changed_at = $3
            WHERE payout_id = $1 AND attempts = $2 AND state IN ('requested', 'crediting')
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payout.PayoutId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = payout.Attempts });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        return await command.ExecuteNonQueryAsync(ct) > 0 ? payout with { State = PayoutState.Crediting, Attempts = payout.Attempts + 1 } : null;
    }

    /// <summary>
    /// Notes that nothing was sent after all, for certain, of the first credit of a payout: it is owed as before, and need not be asked about. Not when another
    /// attempt has begun since.
    /// </summary>
    public async Task NothingWasSentAsync(Payout begun, CancellationToken ct)
    {
        await using var command = database.CreateCommand("UPDATE payout SET state = 'requested', changed_at = $3 WHERE payout_id = $1 AND attempts = $2 AND state = 'crediting'");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = begun.PayoutId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = begun.Attempts });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Notes that one more attempt ended in doubt.</summary>
    public async Task NoteDoubtAsync(Payout payout, CancellationToken ct)
    {
        await using var command = database.CreateCommand("UPDATE payout SET looks = looks + 1, changed_at = $2 WHERE payout_id = $1 AND state IN ('requested', 'crediting')");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payout.PayoutId });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Notes that the wallet has credited. That ends a doubt as well with which it was handed to people.</summary>
    public Task MarkCreditedAsync(Payout payout, CancellationToken ct) => FinishAsync(payout, PayoutState.Credited, null, null, Topics.PayoutCredited, ct);

    /// <summary>Hands a payout to people; the money stays the winner's. The reason is anybody's text.</summary>
    public Task MarkHeldAsync(Payout payout, HoldCause cause, string reason, CancellationToken ct) =>
        FinishAsync(payout, PayoutState.Held, cause, OutsideText.Clean(reason, ReasonCharsMax), Topics.PayoutHeld, ct);

    async Task FinishAsync(Payout payout, PayoutState state, HoldCause? cause, string? reason, string topic, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var changed = new PayoutChanged(
            payout.PayoutId, payout.AwardId, payout.TenantId, new Money(payout.AmountMicros, Currency.Parse(payout.Currency)), WireNames.Of(state), reason,
            payout.Attempts, now);
        await using var command = database.CreateCommand("""
            WITH finished AS (
                UPDATE payout SET state = $2, hold_cause = $3, in_doubt = $4, reason = $5, changed_at = $6,
                    held_at = CASE WHEN $3 IS NOT NULL THEN $6 END
                WHERE payout_id = $1 AND (state IN ('requested', 'crediting') OR ($2 = 'credited' AND state = 'held' AND in_doubt)) RETURNING 1)
            INSERT INTO outbox (kind, payload) SELECT $7, $8 FROM finished
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payout.PayoutId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = WireNames.Of(state) });
        command.Parameters.Add(TextOrNull(cause is { } held ? WireNames.Of(held) : null));
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = cause is { } left && PayoutSaga.LeavesDoubt(left) });
        command.Parameters.Add(TextOrNull(reason));
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = topic });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = JsonSerializer.Serialize(changed, EventJson.Default.PayoutChanged) });
        await command.ExecuteNonQueryAsync(ct);
        outbox.Raise();
    }

    /// <summary>Whether the contribution that won the award, or a part of it, was taken back. Of a shared award that holds the winner's own payout alone.</summary>
    public async Task<bool> IsBetVoidedAsync(Payout payout, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT EXISTS (SELECT FROM award a JOIN void v ON v.tenant_id = a.tenant_id AND v.contribution_id = a.contribution_id AND v.jackpot = a.jackpot
                           WHERE a.award_id = $1 AND a.tenant_id = $2 AND a.player_id = $3 AND a.contribution_id <> '')
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payout.AwardId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payout.TenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payout.PlayerId });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    static NpgsqlParameter TextOrNull(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };

    /// <summary>How many payouts are in each state that is not the end, and how long the oldest has been there.</summary>
    public async Task<IReadOnlyList<(string State, long Payouts, TimeSpan OldestAge)>> CountOpenAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT state, count(*), min(changed_at) FROM payout WHERE state IN ('sharing', 'requested', 'crediting') GROUP BY state
            UNION ALL
            SELECT state, count(*), min(changed_at) FROM payout WHERE state = 'held' GROUP BY state
            """);
        await using var row = await command.ExecuteReaderAsync(ct);
        var counts = new List<(string, long, TimeSpan)>();
        while (await row.ReadAsync(ct))
        {
            var age = clock.GetUtcNow() - row.GetFieldValue<DateTimeOffset>(2);
            counts.Add((row.GetString(0), row.GetInt64(1), age > TimeSpan.Zero ? age : TimeSpan.Zero));
        }

        return counts;
    }

    /// <summary>The payouts of an award, first winner first; empty when there is no such award.</summary>
    public async Task<IReadOnlyList<AwardPayout>> OfAwardAsync(string awardId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT payout_id, state FROM payout WHERE award_id = $1 ORDER BY winner");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = awardId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var payouts = new List<AwardPayout>();
        while (await reader.ReadAsync(ct))
        {
            payouts.Add(new AwardPayout(reader.GetString(0), reader.GetString(1)));
        }

        return payouts;
    }

    /// <summary>Payouts that have not moved for a while and are neither final nor parked.</summary>
    public async Task<IReadOnlyList<StalledPayout>> FindStalledAsync(TimeSpan age, int atMost, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT payout_id, award_id, state = 'sharing' FROM payout p
            WHERE state IN ('sharing', 'requested', 'crediting') AND changed_at < $1
              AND NOT EXISTS (SELECT FROM parked_row r WHERE r.source = '{ParkingSource.Payout}' AND r.key = p.payout_id)
            ORDER BY changed_at LIMIT $2
            """);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (clock.GetUtcNow() - age).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = atMost });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var stalled = new List<StalledPayout>();
        while (await reader.ReadAsync(ct))
        {
            stalled.Add(new StalledPayout(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)));
        }

        return stalled;
    }

    // A drop that no bet caused has an empty text for its bet.
    static string? TextOf(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) || reader.GetString(column) is not { Length: > 0 } text ? null : text;

    static Payout Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), WireNames.Parse<PayoutState>(reader.GetString(2)), reader.IsDBNull(3) ? null : reader.GetString(3),
        reader.GetInt32(4), reader.GetString(5), reader.GetString(6), reader.GetInt64(7), reader.GetString(8))
    {
        Looks = reader.GetInt32(9),
        Route = reader.GetInt32(10),
        AwardMicros = reader.GetInt64(11),
        Waived = reader.GetFieldValue<string[]>(12),
        Paid = new Money(reader.GetInt64(13), Currency.Parse(reader.GetString(14))),
        GameId = TextOf(reader, 15),
        RoundId = TextOf(reader, 16),
        ContributionId = TextOf(reader, 17),
        JackpotId = reader.GetString(18),
        JackpotName = TextOf(reader, 19),
        Tier = reader.GetString(20),
        Part = TextOf(reader, 21),
    };
}

/// <summary>One of an award's payouts.</summary>
internal sealed record AwardPayout(string PayoutId, string State);

/// <summary>A payout that stands still; one that is being shared waits for its award's other winners to be chosen.</summary>
internal sealed record StalledPayout(string PayoutId, string AwardId, bool IsSharing);
