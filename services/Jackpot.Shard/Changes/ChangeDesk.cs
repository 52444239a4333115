using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Changes;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Commit;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Changes;

/// <summary>
/// Takes changes of terms from step to step: lock the jackpot, ask the rules, write, tell the audit log, commit. The lock orders it with
/// every batch: what was decided under the old terms is committed before, or decided again under the new ones.
/// </summary>
internal sealed class ChangeDesk(NpgsqlDataSource database, JackpotReader jackpots, AuditLog audit, EffectTeller effects, JackpotDirectory directory)
{
    /// <summary>Writes a change down. Nothing is checked but that it can be read, so that work in progress can be kept.</summary>
    public async Task<Verdict<StoredChange>> DraftAsync(int number, JackpotDefinition after, string person, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var jackpot = (await jackpots.LockAsync(transaction, [number], ct)).Single();
        if (jackpot.State.Status == JackpotStatus.Decommissioned)
        {
            return ChangeRefusals.Over;
        }

        var change = (await ChangeReader.ReadAsync(connection, await InsertAsync(connection, jackpot, after, person, why, ct), ct))!;
        await AuditAsync(transaction, change, "drafted", person, why, ct);
        await transaction.CommitAsync(ct);
        return change;
    }

    /// <summary>Takes one step; <paramref name="why"/> may be empty.</summary>
    public async Task<Verdict<StoredChange>> StepAsync(long id, ChangeStep step, string person, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await ChangeReader.ReadAsync(connection, id, ct) is not { } seen)
        {
            return ChangeRefusals.Unknown;
        }

        // Whoever moves a change holds its jackpot's lock, lanes included, so this is how it stands until the commit.
        var jackpot = (await jackpots.LockAsync(transaction, [seen.Jackpot], ct)).Single();
        var change = (await ChangeReader.ReadAsync(connection, id, ct))!;
        var outcome = ChangeRules.Step(change.ToChange(), step, person);
        if (ChangeRefusals.Of(outcome, change, step, jackpot) is { } refused)
        {
            return refused;
        }

        await WriteAsync(connection, change, outcome.Change, why, ct);
        await AuditAsync(transaction, change, StoredChange.WordOf(outcome.Change.Status), person, why, ct);
        if (step == ChangeStep.Approve)
        {
            await ApproveAsync(transaction, jackpot, change, ct);
        }

        var after = (await ChangeReader.ReadAsync(connection, id, ct))!;
        await transaction.CommitAsync(ct);
        if (step == ChangeStep.Approve)
        {
            await directory.ReloadAsync([after.Jackpot], ct);
        }

        return after;
    }

    /// <summary>Whatever may take effect in the middle of a cycle does so now; the rest waits for the drops that open the next ones.</summary>
    async Task ApproveAsync(NpgsqlTransaction transaction, LoadedJackpot jackpot, StoredChange change, CancellationToken ct)
    {
        var connection = transaction.Connection!;
        var approved = JackpotTerms.Of(change.After, jackpot.Terms.Version + 1);
        var terms = jackpot.Terms.Meet(approved, jackpot.State);
        await using (var command = new NpgsqlCommand("""
            WITH moved AS (UPDATE jackpot_state SET version = version + 1 WHERE id = $1)
            UPDATE jackpot SET approved = $2 WHERE id = $1
            """, connection))
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.Number });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = change.After.ToJson(), NpgsqlDbType = NpgsqlDbType.Jsonb });
            await command.ExecuteNonQueryAsync(ct);
        }

        if (terms.Version != jackpot.Terms.Version)
        {
            var statement = new TermsStatement();
            statement.Add(jackpot with { Terms = terms, Approved = terms.Are(approved) ? null : approved });
            await using var batch = new NpgsqlBatch(connection, transaction);
            batch.BatchCommands.Add(statement.Command);
            await batch.ExecuteNonQueryAsync(ct);
            await effects.TellAsync(transaction, ct);
        }
    }

    async Task AuditAsync(NpgsqlTransaction transaction, StoredChange change, string done, string person, string why, CancellationToken ct)
    {
        var approved = done == StoredChange.WordOf(ChangeStatus.Approved);
        await audit.AppendAsync(transaction, new AuditedStep(
            $"jackpot {change.Before.JackpotId}", $"change {change.Id} {done}", approved ? change.Author : person, why.Length > 0 ? why : change.Why)
        {
            AuthorisedBy = approved ? person : "",
            Before = change.Before.ToJson(),
            After = change.After.ToJson(),
        }, ct);
    }

    static async Task<long> InsertAsync(
        NpgsqlConnection connection, LoadedJackpot jackpot, JackpotDefinition after, string person, string why, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            INSERT INTO config_change (jackpot, status, before_version, after, author, why) VALUES ($1, 'draft', $2, $3, $4, $5) RETURNING id
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.Number });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.Terms.Version });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after.ToJson(), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = person });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = why });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    static async Task WriteAsync(NpgsqlConnection connection, StoredChange change, ConfigChange after, string why, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            UPDATE config_change SET status = $2, decided_by = $3, decision = coalesce(nullif($4, ''), decision), changed_at = now() WHERE id = $1
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = change.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StoredChange.WordOf(after.Status) });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)after.DecidedBy ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = why });
        await command.ExecuteNonQueryAsync(ct);
    }
}
