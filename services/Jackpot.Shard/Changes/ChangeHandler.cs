using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Changes;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Commit;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Jackpot.Shard.Changes;

/// <summary>
/// Takes changes of terms from step to step: lock the jackpot, ask the rules, write, audit, commit. The lock orders it with
/// every batch: what was decided under the old terms is committed before, or decided again under the new ones.
/// </summary>
internal sealed class ChangeHandler(NpgsqlDataSource database, JackpotReader jackpots, AuditLog audit, EffectNotifier effects, JackpotDirectory directory)
{
    /// <summary>Writes a change down. Nothing is checked but that it can be read, so that work in progress can be kept.</summary>
    public async Task<Verdict<StoredChange>> DraftAsync(int number, JackpotDefinition after, string staffUser, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var jackpot = (await jackpots.LockAsync(transaction, [number], ct)).Single();
        if (jackpot.State.Status == JackpotStatus.Decommissioned)
        {
            return ChangeRefusals.Over;
        }

        await using var rows = ShardRows.In(transaction);
        var draft = new ChangeRow(jackpot.Number, StoredChange.WordOf(ChangeStatus.Draft), jackpot.Terms.Version, after, staffUser, why);
        rows.Add(draft);
        await rows.SaveChangesAsync(ct);
        var change = (await ChangeReader.ReadAsync(rows, draft.Id, ct))!;
        await AuditAsync(transaction, change, "drafted", staffUser, why, ct);
        await transaction.CommitAsync(ct);
        return change;
    }

    /// <summary>Takes one step; <paramref name="why"/> may be empty.</summary>
    public async Task<Verdict<StoredChange>> StepAsync(long id, ChangeStep step, string staffUser, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var rows = ShardRows.In(transaction);
        if (await ChangeReader.ReadAsync(rows, id, ct) is not { } seen)
        {
            return ChangeRefusals.Unknown;
        }

        // Whoever moves a change holds its jackpot's lock, batchers included, so this is how it stands until the commit.
        var jackpot = (await jackpots.LockAsync(transaction, [seen.Jackpot], ct)).Single();
        var change = (await ChangeReader.ReadAsync(rows, id, ct))!;
        var outcome = ChangeRules.Step(change.ToChange(), step, staffUser);
        if (ChangeRefusals.Of(outcome, change, step, jackpot) is { } refused)
        {
            return refused;
        }

        await WriteAsync(rows, id, outcome.Change, why, ct);
        await AuditAsync(transaction, change, StoredChange.WordOf(outcome.Change.Status), staffUser, why, ct);
        if (step == ChangeStep.Approve)
        {
            await ApproveAsync(rows, transaction, jackpot, change, ct);
        }

        var after = (await ChangeReader.ReadAsync(rows, id, ct))!;
        await transaction.CommitAsync(ct);
        if (step == ChangeStep.Approve)
        {
            await directory.ReloadAsync([after.Jackpot], ct);
        }

        return after;
    }

    /// <summary>Whatever may take effect in the middle of a cycle does so now; the rest waits for the drops that open the next ones.</summary>
    async Task ApproveAsync(ShardRows rows, NpgsqlTransaction transaction, LoadedJackpot jackpot, StoredChange change, CancellationToken ct)
    {
        var approved = JackpotTerms.Of(change.After, jackpot.Terms.Version + 1);
        var terms = jackpot.Terms.Meet(approved, jackpot.State);
        await rows.Set<StateRow>().Where(row => row.Id == jackpot.Number)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, row => row.Version + 1), ct);
        await rows.Set<JackpotRow>().Where(row => row.Id == jackpot.Number).ExecuteUpdateAsync(set => set.SetProperty(row => row.Approved, change.After), ct);
        if (terms.Version != jackpot.Terms.Version)
        {
            var statement = new TermsStatement();
            statement.Add(jackpot with { Terms = terms, Approved = terms.Are(approved) ? null : approved });
            await using var batch = new NpgsqlBatch(transaction.Connection!, transaction);
            batch.BatchCommands.Add(statement.Command);
            await batch.ExecuteNonQueryAsync(ct);
            await effects.TellAsync(transaction, ct);
        }
    }

    async Task AuditAsync(NpgsqlTransaction transaction, StoredChange change, string done, string staffUser, string why, CancellationToken ct)
    {
        var approved = done == StoredChange.WordOf(ChangeStatus.Approved);
        await audit.AppendAsync(transaction, new AuditedStep(
            $"jackpot {change.Before.JackpotId}", $"change {change.Id} {done}", approved ? change.Author : staffUser, why.Length > 0 ? why : change.Why)
        {
            AuthorisedBy = approved ? staffUser : "",
            Before = change.Before.ToJson(),
            After = change.After.ToJson(),
        }, ct);
    }

    static async Task WriteAsync(ShardRows rows, long id, ConfigChange after, string why, CancellationToken ct) =>
        await rows.Set<ChangeRow>().Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Status, StoredChange.WordOf(after.Status))
                .SetProperty(row => row.DecidedBy, after.DecidedBy)
                .SetProperty(row => row.Decision, row => why == "" ? row.Decision : why)
                .SetProperty(row => row.ChangedAt, _ => ShardRows.Now()),
            ct);
}
