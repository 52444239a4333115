using System.Collections.Immutable;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Core.Verification;
using Jackpot.Core.Voids;

namespace Jackpot.Core.Tests.Play;

/// <summary>One thing that happened to a jackpot.</summary>
abstract record LivedStep
{
    public abstract ReplayedStep Replay(JackpotReplay replay);
}

sealed record LivedBatch(ExportedBatch Batch, StepTerms Terms, ImmutableArray<CycleSecret> Secrets) : LivedStep
{
    public override ReplayedStep Replay(JackpotReplay replay) => replay.Record(Batch, Terms, Secrets.AsSpan());
}

sealed record LivedCall(PoolId Pool, StepTerms Terms, CycleSecret Secret, long AtUnixMs) : LivedStep
{
    public override ReplayedStep Replay(JackpotReplay replay) => replay.Call(Pool, Terms, Secret, AtUnixMs);
}

sealed record LivedVoids(ExportedVoidStep Step, JackpotConfig InForce, ImmutableArray<VoidOrder> Orders) : LivedStep
{
    public override ReplayedStep Replay(JackpotReplay replay) => replay.Void(Step, InForce, Orders);
}

sealed record LivedFunding(PoolId Pool, Adjustment Added) : LivedStep
{
    public override ReplayedStep Replay(JackpotReplay replay)
    {
        replay.Move(Pool, Added, 0);
        return ReplayedStep.None;
    }
}

/// <summary>Everything that happened to a jackpot, and what the rules make of it when they are asked again.</summary>
sealed record Life(JackpotState Opening, ImmutableArray<LivedStep> Steps)
{
    public (JackpotReplay Replay, ImmutableArray<Drop> Drops, ImmutableArray<LedgerEntry> Ledger) Again(Func<PoolId, long, int>? rulesVersionOf = null)
    {
        var replay = new JackpotReplay(Opening, rulesVersionOf);
        var drops = ImmutableArray.CreateBuilder<Drop>();
        var ledger = ImmutableArray.CreateBuilder<LedgerEntry>();
        foreach (var step in Steps)
        {
            if (!replay.Agrees)
            {
                break;
            }

            var replayed = step.Replay(replay);
            drops.AddRange(replayed.Drops);
            ledger.AddRange(replayed.Ledger);
        }

        return (replay, drops.ToImmutable(), ledger.ToImmutable());
    }

    public Life WithBatch(int index, Func<ExportedBatch, ExportedBatch> change)
    {
        var batch = (LivedBatch)Steps[index];
        return this with { Steps = Steps.SetItem(index, batch with { Batch = change(batch.Batch) }) };
    }
}
