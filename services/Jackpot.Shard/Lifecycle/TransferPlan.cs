using System.Collections.Immutable;
using Jackpot.Core.Ledger;
using Jackpot.Core.Lifecycle;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Lifecycle;

/// <summary>What a transfer will do: every pool of the source emptied into its target, and the source ended.</summary>
/// <param name="Steps">Every jackpot that is touched, the source first.</param>
/// <param name="Ledger">The movements in all books.</param>
internal sealed record TransferPlan(ImmutableArray<TransferPlan.Step> Steps, ImmutableArray<LedgerEntry> Ledger)
{
    /// <summary>A jackpot before and after.</summary>
    public sealed record Step(LoadedJackpot Before, JackpotState After);

    /// <param name="source">The jackpot that ends.</param>
    /// <param name="pools">From its pools to their targets; pools that hold nothing may be left out.</param>
    /// <param name="targets">The jackpots of this shard that the targets belong to.</param>
    public static Verdict<TransferPlan> Make(LoadedJackpot source, IReadOnlyDictionary<string, string> pools, IReadOnlyList<LoadedJackpot> targets)
    {
        var ledger = ImmutableArray.CreateBuilder<LedgerEntry>();
        var (ending, states) = (source.State, targets.ToDictionary(target => target.Number, target => target.State));
        if (Misfit(source, pools) is { } misfit)
        {
            return misfit;
        }

        for (var tier = 0; tier < ending.Pools.Length; tier++)
        {
            if (ending.Pools[tier].TotalMicros == 0)
            {
                continue;
            }

            if (!pools.TryGetValue(ending.Pools[tier].Id.Value, out var targetId))
            {
                return new Refused(Refusal.TransferPoolsNotMapped, $"pool '{ending.Pools[tier].Id}' holds money and has no target; name one under 'pools'");
            }

            if (Find(targets, targetId) is not { } target)
            {
                return new Refused(Refusal.TransferTargetElsewhere, $"no pool '{targetId}' is on this shard; money does not move to another shard");
            }

            var state = states[target.Jackpot.Number];
            var outcome = PoolTransferRules.Transfer(
                new TransferEnd(ending.Status, source.Config.Currency, source.Config.Pools[tier], ending.Pools[tier]),
                new TransferEnd(state.Status, target.Jackpot.Config.Currency, target.Jackpot.Config.Pools[target.Tier], state.Pools[target.Tier]));
            if (TransferRefusals.Of(outcome.Answer, ending.Pools[tier].Id.Value, targetId) is { } refused)
            {
                return refused;
            }

            ending = ending with { Pools = ending.Pools.SetItem(tier, outcome.Source) };
            states[target.Jackpot.Number] = state with { Pools = state.Pools.SetItem(target.Tier, outcome.Target) };
            ledger.AddRange(outcome.Ledger);
        }

        return new TransferPlan(
            [new Step(source, Ended(ending)), .. targets.Select(target => new Step(target, Next(states[target.Number])))], ledger.ToImmutable());
    }

    static Refused? Misfit(LoadedJackpot source, IReadOnlyDictionary<string, string> pools)
    {
        var own = source.State.Pools.Select(pool => pool.Id.Value).ToHashSet();
        return source.State.Status switch
        {
            JackpotStatus.Decommissioned => new(Refusal.JackpotOver, "the jackpot is decommissioned already"),
            JackpotStatus.Active => new(Refusal.JackpotNotPaused, "the jackpot is active; pause it first, so that no bet is lost on the way"),
            _ when pools.Count == 0 => new(Refusal.TransferPoolsNotMapped, "'pools' is empty; name the target of every pool that holds money"),
            _ when pools.Keys.FirstOrDefault(pool => !own.Contains(pool)) is { } foreign => new(Refusal.TransferPoolsNotMapped, $"'{foreign}' is no pool of this jackpot"),
            _ when pools.Values.FirstOrDefault(target => target is not null && own.Contains(target)) is { } ending => new(Refusal.TransferPoolsNotMapped, $"pool '{ending}' ends with this jackpot and cannot be a target"),
            _ when source.State.Pools.All(pool => pool.TotalMicros == 0) => new(Refusal.TransferNothingToMove, "the pools hold nothing; decommission the jackpot instead"),
            _ => null,
        };
    }

    static (LoadedJackpot Jackpot, int Tier)? Find(IReadOnlyList<LoadedJackpot> targets, string poolId)
    {
        foreach (var target in targets)
        {
            for (var tier = 0; tier < target.State.Pools.Length; tier++)
            {
                if (target.State.Pools[tier].Id.Value == poolId)
                {
                    return (target, tier);
                }
            }
        }

        return null;
    }

    static JackpotState Ended(JackpotState emptied)
    {
        var outcome = JackpotStatusRules.Step(emptied, JackpotStep.Decommission);
        return outcome.Answer == StepAnswer.Done
            ? outcome.State
            : throw new InvalidOperationException($"Jackpot {emptied.Id} was emptied and cannot be ended: {outcome.Answer}.");
    }

    static JackpotState Next(JackpotState filled) => filled with { Version = filled.Version + 1 };
}
