using Jackpot.Core.Limits;
using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Quarantine;

namespace Jackpot.Shard.Contributions;

/// <summary>What every contribution passes, whichever way it came: over HTTP, alone or in a batch, or off the bet stream.</summary>
internal sealed class ContributionIntake(
    JackpotDirectory jackpots, BatcherDirectory batchers, ContributionValidator validator, StakeLimits limits, SlowPath slowPath)
{
    /// <summary>The straight road: everything is known, one jackpot is reached, the stake is within its limits. Anything else is an answer or needs the slow path.</summary>
    public RefusedContribution? TryQueue(ContributionRequest request, string tenantId, PendingAnswers answers, int index, out Queued queued)
    {
        queued = default;
        if (validator.Check(request, tenantId, out var accepted) is { } refused)
        {
            return refused;
        }

        var jackpot = jackpots.ByNumber(accepted.Jackpot)!;
        if (limits.Judge(jackpot, tenantId, accepted.StakeMicros, out var taken) != LimitVerdict.Within)
        {
            return RefusedContribution.SlowPath;
        }

        if (BenchSwitches.StoresNothing(jackpot))
        {
            answers.Set(index, new RecordedContribution { Kind = RecordedKind.Accepted, Pools = new PoolAmount[jackpot.Config.Pools.Length] });
        }
        else if (!batchers.Of(jackpot).TryAdd(accepted, answers, index))
        {
            limits.GiveBack(jackpot, tenantId, taken);
            return RefusedContribution.Overloaded;
        }

        queued = new Queued(jackpot, taken);
        return null;
    }

    public static bool NeedsSlowPath(RefusedContribution? refused, RecordedContribution? recorded) =>
        refused is not null ? refused == RefusedContribution.SlowPath || refused.DependsOnState : recorded!.Kind == RecordedKind.Quarantined;

    /// <summary>A repetition does not use up the rate of its tenant.</summary>
    public void Settle(in Queued queued, string tenantId, RecordedContribution recorded)
    {
        if (recorded.Kind != RecordedKind.Accepted)
        {
            limits.GiveBack(queued.Jackpot!, tenantId, queued.Taken);
        }
    }

    /// <summary>Takes several at once; each gets its own answer, and none waits for what only another needs.</summary>
    public async Task<IntakeItem[]> TakeAsync(IReadOnlyList<Incoming> incoming, CancellationToken ct)
    {
        var items = new IntakeItem[incoming.Count];
        if (items.Length == 0)
        {
            return items;
        }

        var answers = new PendingAnswers(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            items[i].Refused = TryQueue(incoming[i].Request, incoming[i].TenantId, answers, i, out items[i].Queued);
            if (items[i].Refused is not null)
            {
                answers.Skip();
            }
        }

        await answers.Task;
        await LookAgainAsync(incoming, items, answers.Answers, ct);
        return items;
    }

    /// <summary>Takes everything that the straight road could not answer together, so that each question is asked once for all of it.</summary>
    async Task LookAgainAsync(IReadOnlyList<Incoming> incoming, IntakeItem[] items, RecordedContribution?[] answers, CancellationToken ct)
    {
        var again = new List<int>();
        for (var i = 0; i < items.Length; i++)
        {
            items[i].Recorded = answers[i];
            if (NeedsSlowPath(items[i].Refused, answers[i]))
            {
                again.Add(i);
            }

            if (answers[i] is { } recorded)
            {
                Settle(items[i].Queued, incoming[i].TenantId, recorded);
            }
        }

        if (again.Count > 0)
        {
            var looked = await slowPath.TakeAsync(again.Select(i => incoming[i]), ct);
            for (var i = 0; i < again.Count; i++)
            {
                items[again[i]].Looked = looked[i];
            }
        }
    }
}

/// <summary>What waits in a batcher: its jackpot, and what it has used of its tenant's rate there.</summary>
internal readonly record struct Queued(JackpotEntry? Jackpot, TakenRate Taken);

/// <summary>One of several contributions and its answer: refused, recorded, or what the slow path found.</summary>
internal struct IntakeItem
{
    public Queued Queued;
    public RefusedContribution? Refused;
    public RecordedContribution? Recorded;
    public ContributionRouting? Looked;

    /// <summary>Why the item as a whole is refused; null when it is recorded or held, or its parts have answers of their own.</summary>
    public readonly RefusedContribution? Refusal =>
        Looked is { } looked ? looked.Refused ?? looked.Single?.Refusal : Refused ?? RefusedContribution.Of(Recorded!.Kind);

    /// <summary>
    /// Whether the item may be taken when it comes again. One that reaches several jackpots is done when each of them has answered: that some do
    /// not take it is no fault of the bet.
    /// </summary>
    public readonly bool MayYetBeTaken => Refusal is { } refused ? refused.IsPassing
        : Looked is { IsFanOut: true } several && several.Parts.Exists(part => part.Refusal is { IsPassing: true });
}
