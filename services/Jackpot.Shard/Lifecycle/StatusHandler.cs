using Jackpot.Core.Lifecycle;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Rows;
using Npgsql;

namespace Jackpot.Shard.Lifecycle;

/// <summary>
/// Pauses, resumes and ends jackpots: lock, ask the rules, write, audit, commit. The version moves with the status, so a batch
/// that was decided before the step cannot be committed after it. No balance, cycle or secret is touched.
/// </summary>
internal sealed class StatusHandler(NpgsqlDataSource database, JackpotReader jackpots, AuditLog audit)
{
    public async Task<Verdict<JackpotState>> StepAsync(string jackpotId, JackpotStep step, string staffUser, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var rows = ShardRows.In(transaction);
        if (await JackpotNumbers.OfAsync(rows, jackpotId, ct) is not { } number)
        {
            return JackpotNumbers.Unknown;
        }

        var jackpot = (await jackpots.LockAsync(transaction, [number], ct)).Single();
        var outcome = JackpotStatusRules.Step(jackpot.State, step);
        if (Refusal(outcome.Answer, jackpot.State) is { } refused)
        {
            return refused;
        }

        await StatusCommit.WriteAsync(rows, jackpot, outcome.State, ct);
        await audit.AppendAsync(transaction, new AuditedStep($"jackpot {jackpotId}", Word(step), staffUser, why)
        {
            Before = JackpotReader.TextOf(jackpot.State.Status),
            After = JackpotReader.TextOf(outcome.State.Status),
        }, ct);
        await transaction.CommitAsync(ct);
        return outcome.State;
    }

    static Refused? Refusal(StepAnswer answer, JackpotState state) => answer switch
    {
        StepAnswer.Done => null,
        StepAnswer.AlreadySo => new(Problems.Refusal.JackpotAlreadySo, $"the jackpot is {JackpotReader.TextOf(state.Status)} already"),
        StepAnswer.MustBePaused => new(Problems.Refusal.JackpotNotPaused, "the jackpot is active; pause it first, so that no bet is lost on the way"),
        StepAnswer.StillHoldsMoney => new(Problems.Refusal.JackpotHoldsMoney,
            "the pools still hold money; transfer it to another jackpot, which ends this one"),
        StepAnswer.Over => new(Problems.Refusal.JackpotOver, "the jackpot is decommissioned; found another one"),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "There is no such answer."),
    };

    static string Word(JackpotStep step) => step switch
    {
        JackpotStep.Pause => "paused",
        JackpotStep.Resume => "resumed",
        JackpotStep.Decommission => "decommissioned",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "There is no such step."),
    };
}
