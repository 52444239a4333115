using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Parking;
using Npgsql;

namespace Jackpot.Shard.Changes;

/// <summary>
/// Enters in the audit log which terms came into force. A drop puts terms in force inside the commit of its batch, which has no time for the
/// log's single tail; so the row says that it was not audited yet, and auditing and saying so are one transaction. A crash in between loses nothing.
/// </summary>
internal sealed class EffectNotifier(AuditLog audit, ParkedRows parked)
{
    const int RowsMax = 100;

    /// <summary>Audits what is not audited yet, oldest first, inside the caller's transaction. Answers how many versions that were.</summary>
    public async Task<int> TellAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        if (await UnauditedAsync(transaction.Connection!, ct) is { Effects.Count: 0, Unreadable.Count: 0 })
        {
            return 0;
        }

        // Two replicas at once: the second waits here, and then finds audited what the first has audited.
        await AuditLog.LockAsync(transaction, ct);
        var (unaudited, unreadable) = await UnauditedAsync(transaction.Connection!, ct);
        foreach (var row in unreadable)
        {
            await parked.ParkAsync(transaction.Connection!, row, ct);
        }

        foreach (var effect in unaudited)
        {
            await audit.AppendAsync(transaction, new AuditedStep(
                $"jackpot {effect.JackpotId}", $"change {effect.Change}: terms {effect.Version} in force after sequence {effect.AfterSequence}", effect.Author, effect.Why)
            {
                AuthorisedBy = effect.DecidedBy,
                Before = effect.Before.ToJson(),
                After = effect.After.ToJson(),
            }, ct);
            await MarkAuditedAsync(transaction.Connection!, effect, ct);
        }

        return unaudited.Count;
    }

    /// <summary>Audited means: the log has its entry, and the outbox the notice for accounting.</summary>
    static async Task MarkAuditedAsync(NpgsqlConnection connection, Effect effect, CancellationToken ct)
    {
        var notice = new ConfigChanged(
            effect.JackpotId, effect.Change, effect.Version, effect.AfterSequence, [.. TermsDiff.Of(effect.Before, effect.After).Select(field => field.Field)]);
        await using var command = new NpgsqlCommand("""
            WITH notice AS (INSERT INTO outbox (kind, payload) VALUES ($3, $4))
            UPDATE jackpot_terms SET told = true WHERE jackpot = $1 AND version = $2
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = effect.Jackpot });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = effect.Version });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Topics.ConfigChanged });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = JsonSerializer.Serialize(notice, EventJson.Default.ConfigChanged) });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>What is not audited yet and can be. Later versions of a jackpot wait behind one that cannot be read.</summary>
    static async Task<(List<Effect> Effects, List<RowToPark> Unreadable)> UnauditedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            SELECT t.jackpot, j.jackpot_id, t.version, t.after_sequence, b.definition, t.definition, c.id, c.author, c.decided_by, c.why
            FROM jackpot_terms t
            JOIN jackpot_terms b ON b.jackpot = t.jackpot AND b.version = t.version - 1
            JOIN jackpot j ON j.id = t.jackpot
            JOIN config_change c ON c.id = t.change
            WHERE t.change IS NOT NULL AND NOT t.told
              AND NOT EXISTS (SELECT FROM parked_row r WHERE r.source = '{ParkingSource.Terms}' AND j.jackpot_id = ANY (r.order_keys))
            ORDER BY t.jackpot, t.version LIMIT $1
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = RowsMax });
        await using var row = await command.ExecuteReaderAsync(ct);
        var (effects, unreadable) = (new List<Effect>(), new Dictionary<int, RowToPark>());
        while (await row.ReadAsync(ct))
        {
            var (jackpot, jackpotId, version) = (row.GetInt32(0), row.GetString(1), row.GetInt32(2));
            if (unreadable.ContainsKey(jackpot))
            {
                continue;
            }

            try
            {
                effects.Add(new Effect(
                    jackpot, jackpotId, version, row.GetInt64(3), JackpotDefinition.Parse(row.GetString(4)), JackpotDefinition.Parse(row.GetString(5)),
                    row.GetInt64(6), row.GetString(7), row.GetString(8), row.GetString(9)));
            }
            catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException or ArgumentException or NotSupportedException)
            {
                unreadable.Add(jackpot, new RowToPark(
                    ParkingSource.Terms, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{jackpot}/{version}"), [jackpotId], fault.Message));
            }
        }

        return (effects, [.. unreadable.Values]);
    }

    sealed record Effect(
        int Jackpot, string JackpotId, int Version, long AfterSequence, JackpotDefinition Before, JackpotDefinition After, long Change, string Author,
        string DecidedBy, string Why);
}
