using Jackpot.Core.Voids;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Jackpots;
using Npgsql;

namespace Jackpot.Ledger.Voids;

/// <summary>What a step of voids has done.</summary>
/// <param name="After">The jackpot afterwards; null when there is no such jackpot.</param>
/// <param name="Answers">One per void. Those that were found stored are not flushed unless the step has written something.</param>
/// <param name="HasWritten">Whether anything was committed.</param>
internal sealed record VoidStepOutcome(LoadedJackpot? After, RecordedContribution[] Answers, bool HasWritten);

/// <summary>
/// Takes contributions of one jackpot back, any number in one transaction under its lock: the voids' keys are looked up, Core decides, rows, balances,
/// journal, chain, audit and events are written together. So a void that comes again is answered as it was, however it got lost.
/// </summary>
internal sealed class VoidLedger(NpgsqlDataSource database, JackpotReader reader, DedupeWindows windows, string shard, TimeProvider clock)
{
    readonly AuditLog _audit = new(clock);

    public async Task<VoidStepOutcome> RecordAsync(int number, AcceptedContribution[] voids, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if ((await reader.LockAsync(transaction, [number], ct)).SingleOrDefault() is not { } before)
        {
            return new VoidStepOutcome(null, [.. voids.Select(_ => RecordedContribution.Unavailable)], HasWritten: false);
        }

        var step = new VoidStep(before, voids, clock.GetUtcNow());
        var rows = new VoidStepRows(connection, before);
        step.AnswerStored(await rows.StoredAsync(windows.Current, [.. voids.Select(one => one.Key16)], ct));
        step.FindBets(await rows.BetsAsync([.. step.Open.Select(one => voids[one].Void!.Sequence).Distinct()], ct));
        var days = new VoidDays(connection, before);
        await step.LimitAsync(days, ct);
        if (step.Decide(await rows.LastNumberAsync(ct)) is not { } plan)
        {
            // What was added up of the days is kept, so that asking again gets further.
            await days.SaveAsync(ct);
            await transaction.CommitAsync(ct);
            return new VoidStepOutcome(before, step.Answers(), HasWritten: true);
        }

        foreach (var one in plan.Taken.Where(one => one.Item.Void!.Limits is not null))
        {
            await days.CountAsync(one.Bet, one.Part.ContributionMicros, ct);
        }

        await _audit.AppendAsync(transaction, plan.AuditedStep(), ct);
        await days.SaveAsync(ct);
        await VoidCommit.WriteAsync(connection, plan, windows.Current, shard, ct);
        await transaction.CommitAsync(ct);
        return new VoidStepOutcome(plan.After, step.Answers(), HasWritten: true);
    }
}
