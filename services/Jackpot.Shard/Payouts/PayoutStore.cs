using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
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

    const string Columns = "p.payout_id, p.award_id, p.state, p.reason, p.attempts, p.tenant_id, p.player_id, p.amount, a.currency";

    /// <summary>
    /// Notes, before the wallet is asked, that it is about to be: whoever finds "crediting" later must query first. Returns the payout as
    /// it was before, or null when there is none.
    /// </summary>
    public async Task<Payout?> BeginAttemptAsync(string payoutId, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        Payout before;
        await using (var find = new NpgsqlCommand(
            $"SELECT {Columns} FROM payout p JOIN award a USING (award_id) WHERE p.payout_id = $1 FOR UPDATE OF p", connection))
        {
            find.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payoutId });
            await using var reader = await find.ExecuteReaderAsync(ct);
            if (!await reader.ReadAsync(ct))
            {
                return null;
            }

            before = Read(reader);
        }

        if (before.State is Payout.Requested or Payout.Crediting)
        {
            await using var update = new NpgsqlCommand(
                "UPDATE payout SET state = 'crediting', attempts = attempts + 1, changed_at = $2 WHERE payout_id = $1", connection);
            update.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payoutId });
            update.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
            await update.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return before;
    }

    public Task MarkCreditedAsync(Payout payout, CancellationToken ct) => FinishAsync(payout, Payout.Credited, null, Topics.PayoutCredited, ct);

    /// <summary>Puts a refused payout into the held queue; the money stays the winner's, staff decide. The reason is anybody's text.</summary>
    public Task MarkHeldAsync(Payout payout, string reason, CancellationToken ct) =>
        FinishAsync(payout, Payout.Held, OutsideText.Clean(reason, ReasonCharsMax), Topics.PayoutHeld, ct);

    async Task FinishAsync(Payout payout, string state, string? reason, string topic, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var changed = new PayoutChanged(
            payout.PayoutId, payout.AwardId, payout.TenantId, new Money(payout.AmountMicros, Currency.Parse(payout.Currency)), state, reason,
            payout.Attempts + 1, now);
        await using var command = database.CreateCommand("""
            WITH finished AS (
                UPDATE payout SET state = $2, reason = $3, changed_at = $4 WHERE payout_id = $1 AND state = 'crediting' RETURNING 1)
            INSERT INTO outbox (kind, payload) SELECT $5, $6 FROM finished
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payout.PayoutId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = state });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
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

    static Payout Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetInt32(4),
        reader.GetString(5), reader.GetString(6), reader.GetInt64(7), reader.GetString(8));
}

/// <summary>One of an award's payouts.</summary>
internal sealed record AwardPayout(string PayoutId, string State);

/// <summary>A payout that stands still; one that is being shared waits for its award's other winners to be chosen.</summary>
internal sealed record StalledPayout(string PayoutId, string AwardId, bool IsSharing);
