using System.Collections.Immutable;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Core.Voids;

namespace Jackpot.Core.Verification;

/// <summary>The terms of one step: those it was decided under, and those that the cycles opened after its drops began with.</summary>
public sealed record StepTerms(JackpotConfig InForce, JackpotConfig AfterDrop);

/// <summary>What the rules make of one step.</summary>
/// <param name="Drops">In tier order.</param>
/// <param name="Ledger">The step's movements, the seeding of the next cycles included.</param>
/// <param name="AmountsMicros">What each tier showed after each contribution, tier by tier; empty when there was none.</param>
public sealed record ReplayedStep(ImmutableArray<Drop> Drops, ImmutableArray<LedgerEntry> Ledger, ImmutableArray<long> AmountsMicros)
{
    public static readonly ReplayedStep None = new([], [], []);
}

/// <summary>
/// Rebuilds a jackpot step by step from its rows: batches, external drops, money that came from elsewhere. The same rows give the same
/// amounts, awards, entries and hashes, whenever it is done. For the platform itself: it needs the secrets of cycles that still run.
/// </summary>
/// <param name="opening">As the rules start it.</param>
/// <param name="rulesVersionOf">Under which rules a cycle was opened; the newest when left out.</param>
public sealed class JackpotReplay(JackpotState opening, Func<PoolId, long, int>? rulesVersionOf = null)
{
    readonly Findings _findings = new();
    long _lastVoid;

    /// <summary>The jackpot after the steps so far.</summary>
    public JackpotState State { get; private set; } = UnderItsRules(opening, rulesVersionOf);

    /// <summary>What did not agree; after the first of them nothing more is worth replaying.</summary>
    public ImmutableArray<Finding> Findings => _findings.ToImmutable();

    public bool Agrees => _findings.None;

    /// <summary>Replays a batch of contributions.</summary>
    /// <param name="batch">With all of its rows.</param>
    /// <param name="terms">Of this step.</param>
    /// <param name="secrets">Of the running cycles, in tier order.</param>
    public ReplayedStep Record(ExportedBatch batch, StepTerms terms, ReadOnlySpan<CycleSecret> secrets)
    {
        ChainCheck.CheckBatch(State.Id, State.Sequence, State.ChainHead, batch, _findings);
        if (!Agrees)
        {
            return ReplayedStep.None;
        }

        var stakes = batch.Rows.Select(row => new Stake(row.StakeMicros, row.Funding)).ToArray();
        var splits = new ContributionSplit[stakes.Length];
        var amounts = new long[stakes.Length * State.Pools.Length];
        var decision = JackpotRules.Record(terms.InForce, State, stakes, secrets, amounts, splits, batch.DecidedAtUnixMs);
        _findings.Equal(batch.Rows.Length, decision.Consumed, FindingKind.BatchCutShort, batch.FirstSequence, "Contributions before the batch ends in a drop");
        for (var i = 0; i < decision.Consumed; i++)
        {
            var row = batch.Rows[i];
            _findings.Equal(row.ContributionMicros, splits[i].ContributionMicros, FindingKind.ContributionMismatch, row.Sequence, "Contribution");
        }

        return Take(decision, decision.State with { ChainHead = batch.HeadAfter }, terms, batch.DecidedAtUnixMs) with { AmountsMicros = [.. amounts] };
    }

    /// <summary>Replays an external drop.</summary>
    /// <param name="pool">The tier.</param>
    /// <param name="terms">Of this step.</param>
    /// <param name="secret">Of the cycle that it ends.</param>
    /// <param name="atUnixMs">When the next cycle was opened; zero for jackpots that do not ask.</param>
    public ReplayedStep DropExternally(PoolId pool, StepTerms terms, in CycleSecret secret, long atUnixMs)
    {
        var outcome = ExternalDropRules.Drop(terms.InForce, State, pool, secret);
        if (outcome.Decision is { } decision)
        {
            return Take(decision, decision.State, terms, atUnixMs);
        }

        _findings.Add(FindingKind.NoDrop, State.Sequence, $"Pool {pool} was dropped from outside here, but the rules answer {outcome.Answer}.");
        return ReplayedStep.None;
    }

    /// <summary>Replays a step of voids.</summary>
    /// <param name="step">With all of its rows.</param>
    /// <param name="inForce">The terms when it was decided.</param>
    /// <param name="orders">The same voids, as they were asked for.</param>
    public ReplayedStep Void(ExportedVoidStep step, JackpotConfig inForce, IReadOnlyList<VoidOrder> orders)
    {
        ChainCheck.CheckVoidStep(State.Id, State.Sequence, _lastVoid, State.ChainHead, step, _findings);
        _findings.Unless(
            step.Voids.Select(row => (row.Sequence, row.Road)).SequenceEqual(orders.Select(order => (order.Bet.Sequence, order.Road))),
            FindingKind.VoidMismatch, step.AfterSequence, "The voids are not those that were asked for.");
        if (!Agrees)
        {
            return ReplayedStep.None;
        }

        var decision = VoidRules.Decide(inForce, State, orders);
        for (var i = 0; i < orders.Count; i++)
        {
            var (row, part) = (step.Voids[i], decision.Parts[i]);
            _findings.Equal((row.StakeMicros, row.ContributionMicros), (part.StakeMicros, part.ContributionMicros), FindingKind.VoidMismatch, row.Sequence, $"Stake and contribution of void {row.Number}");
        }

        State = decision.State with { ChainHead = step.HeadAfter };
        _lastVoid += step.Voids.Length;
        return new ReplayedStep([], decision.Ledger, []);
    }

    /// <summary>Replays money that came into a pool, or left it when its jackpot ended: a transfer, or a payment of the house.</summary>
    /// <param name="pool">The tier.</param>
    /// <param name="moved">What was added to each balance.</param>
    /// <param name="seedMicros">What was added to the seed; below zero when the pool was emptied.</param>
    public void Move(PoolId pool, Adjustment moved, long seedMicros)
    {
        var tier = State.Pools.Select(one => one.Id).ToList().IndexOf(pool);
        var before = State.Pools[tier];
        var after = before with
        {
            IncrementMicros = before.IncrementMicros + moved.IncrementMicros,
            SeedMicros = before.SeedMicros + seedMicros,
            ReserveMicros = before.ReserveMicros + moved.ReserveMicros,
            OverflowMicros = before.OverflowMicros + moved.OverflowMicros,
            ThresholdAboveMicros = moved.RedrawsThreshold ? before.AmountMicros + moved.IncrementMicros : before.ThresholdAboveMicros,
        };
        State = State with { Pools = State.Pools.SetItem(tier, after) };
    }

    ReplayedStep Take(BatchDecision decision, JackpotState chained, StepTerms terms, long atUnixMs)
    {
        var next = JackpotRules.OpenNextCycles(terms.AfterDrop, chained, atUnixMs);
        State = UnderItsRules(next.State, rulesVersionOf);
        return new ReplayedStep(decision.Drops, [.. decision.Ledger, .. next.Ledger], []);
    }

    // Today's rules open cycles under today's version; what is replayed was decided under that of its own day.
    static JackpotState UnderItsRules(JackpotState state, Func<PoolId, long, int>? rulesVersionOf) => rulesVersionOf is null
        ? state
        : state with { Pools = [.. state.Pools.Select(pool => pool with { RulesVersion = rulesVersionOf(pool.Id, pool.Cycle) })] };
}
