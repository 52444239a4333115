using Jackpot.Contracts.Jackpots;
using Jackpot.Shard.Audit;
using Jackpot.Shard.Jackpots;
using Npgsql;

namespace Jackpot.Shard.Changes;

/// <summary>
/// Tells the audit log which terms came into force. A drop puts terms in force inside the commit of its batch, which has no time for the
/// log's single tail; so the row says that it was not told yet, and telling and saying so are one transaction. A crash in between loses nothing.
/// </summary>
internal sealed class EffectTeller(AuditLog audit)
{
    const int RowsMax = 100;

    /// <summary>Tells what is untold, oldest first, inside the caller's transaction. Answers how many versions that were.</summary>
    public async Task<int> TellAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        var untold = await UntoldAsync(transaction.Connection!, ct);
        foreach (var effect in untold)
        {
            await audit.AppendAsync(transaction, new AuditedStep(
                $"jackpot {effect.JackpotId}", $"change {effect.Change}: terms {effect.Version} in force after sequence {effect.AfterSequence}", effect.Author, effect.Why)
            {
                AuthorisedBy = effect.DecidedBy,
                Before = effect.Before,
                After = effect.After,
            }, ct);
            await using var command = new NpgsqlCommand(
                "UPDATE jackpot_terms SET told = true WHERE jackpot = $1 AND version = $2", transaction.Connection);
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = effect.Jackpot });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = effect.Version });
            await command.ExecuteNonQueryAsync(ct);
        }

        return untold.Count;
    }

    // Two tellers at once: the second waits for the rows' locks and then finds them told.
    static async Task<List<Effect>> UntoldAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT t.jackpot, j.jackpot_id, t.version, t.after_sequence, b.definition, t.definition, c.id, c.author, c.decided_by, c.why
            FROM jackpot_terms t
            JOIN jackpot_terms b ON b.jackpot = t.jackpot AND b.version = t.version - 1
            JOIN jackpot j ON j.id = t.jackpot
            JOIN config_change c ON c.id = t.change
            WHERE t.change IS NOT NULL AND NOT t.told
            ORDER BY t.jackpot, t.version LIMIT $1
            FOR UPDATE OF t
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = RowsMax });
        await using var row = await command.ExecuteReaderAsync(ct);
        var effects = new List<Effect>();
        while (await row.ReadAsync(ct))
        {
            effects.Add(new Effect(
                row.GetInt32(0), row.GetString(1), row.GetInt32(2), row.GetInt64(3), Written(row.GetString(4)), Written(row.GetString(5)),
                row.GetInt64(6), row.GetString(7), row.GetString(8), row.GetString(9)));
        }

        return effects;
    }

    // As every other entry writes terms, whatever order of fields jsonb keeps.
    static string Written(string definition) => JackpotDefinition.Parse(definition).ToJson();

    sealed record Effect(
        int Jackpot, string JackpotId, int Version, long AfterSequence, string Before, string After, long Change, string Author, string DecidedBy, string Why);
}
