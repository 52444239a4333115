using System.Collections.Immutable;
using Jackpot.Core.Ledger;
using Jackpot.Core.Lifecycle;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Lifecycle;

/// <summary>What a transfer will do: every pool of the source emptied into its heir, and the source ended.</summary>
/// <param name="Steps">Every jackpot that is touched, the source first.</param>
/// <param name="Ledger">The movements in all books.</param>
internal sealed record TransferPlan(ImmutableArray<TransferPlan.Step> Steps, ImmutableArray<LedgerEntry> Ledger)
{
    /// <summary>A jackpot before and after.</summary>
    public sealed record Step(LoadedJackpot Before, JackpotState After);

    /// <param name="source">The jackpot that ends.</param>
    /// <param name="pools">From its pools to their heirs; pools that hold nothing may be left out.</param>
    /// <param name="heirs">The jackpots of this shard that the heirs belong to.</param>
    public static Verdict<TransferPlan> Make(LoadedJackpot source, IReadOnlyDictionary<string, string> pools, IReadOnlyList<LoadedJackpot> heirs)
    {
        var ledger = ImmutableArray.CreateBuilder<LedgerEntry>();
        var (ending, states) = (source.State, heirs.ToDictionary(heir => heir.Number, heir => heir.State));
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

            if (!pools.TryGetValue(ending.Pools[tier].Id.Value, out var heirId))
            {
                return new Refused(Refusal.TransferPoolsNotMapped, $"pool '{ending.Pools[tier].Id}' holds money and has no heir; name one under 'pools'");
            }

            if (Find(heirs, heirId) is not { } heir)
            {
                return new Refused(Refusal.TransferTargetElsewhere, $"no pool '{heirId}' is on this shard; money does not move to another shard");
            }

            var target = states[heir.Jackpot.Number];
            var outcome = PoolTransferRules.Transfer(
                new TransferEnd(ending.Status, source.Config.Currency, source.Config.Pools[tier], ending.Pools[tier]),
                new TransferEnd(target.Status, heir.Jackpot.Config.Currency, heir.Jackpot.Config.Pools[heir.Tier], target.Pools[heir.Tier]));
            if (TransferRefusals.Of(outcome.Answer, ending.Pools[tier].Id.Value, heirId) is { } refused)
            {
                return refused;
            }

            ending = ending with { Pools = ending.Pools.SetItem(tier, outcome.Source) };
            states[heir.Jackpot.Number] = target with { Pools = target.Pools.SetItem(heir.Tier, outcome.Target) };
            ledger.AddRange(outcome.Ledger);
        }

        return new TransferPlan(
            [new Step(source, Ended(ending)), .. heirs.Select(heir => new Step(heir, Next(states[heir.Number])))], ledger.ToImmutable());
    }

    static Refused? Misfit(LoadedJackpot source, IReadOnlyDictionary<string, string> pools)
    {
        var own = source.State.Pools.Select(pool => pool.Id.Value).ToHashSet();
        return source.State.Status switch
        {
            JackpotStatus.Decommissioned => new(Refusal.JackpotOver, "the jackpot is decommissioned already"),
            JackpotStatus.Active => new(Refusal.JackpotNotPaused, "the jackpot is active; pause it first, so that no bet is lost on the way"),
            _ when pools.Count == 0 => new(Refusal.TransferPoolsNotMapped, "'pools' is empty; name the heir of every pool that holds money"),
            _ when pools.Keys.FirstOrDefault(pool => !own.Contains(pool)) is { } foreign => new(Refusal.TransferPoolsNotMapped, $"'{foreign}' is no pool of this jackpot"),
            _ when pools.Values.FirstOrDefault(heir => heir is not null && own.Contains(heir)) is { } ending => new(Refusal.TransferPoolsNotMapped, $"pool '{ending}' ends with this jackpot and cannot be an heir"),
            _ when source.State.Pools.All(pool => pool.TotalMicros == 0) => new(Refusal.TransferNothingToMove, "the pools hold nothing; decommission the jackpot instead"),
            _ => null,
        };
    }

    static (LoadedJackpot Jackpot, int Tier)? Find(IReadOnlyList<LoadedJackpot> heirs, string poolId)
    {
        foreach (var heir in heirs)
        {
            for (var tier = 0; tier < heir.State.Pools.Length; tier++)
            {
                if (heir.State.Pools[tier].Id.Value == poolId)
                {
                    return (heir, tier);
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
