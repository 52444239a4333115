using System.Collections.Immutable;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Changes;
using Jackpot.Core.Pools;

namespace Jackpot.Ledger.Jackpots;

/// <summary>One version of a jackpot's terms: as written down, and as the rules see them.</summary>
internal sealed record JackpotTerms(JackpotDefinition Definition, JackpotConfig Config)
{
    public int Version => Config.Version;

    /// <summary>Whether batches must be told when they are decided.</summary>
    public bool IsTimed => Config.Pools.Any(pool => pool.Trigger is MustDropByTime);

    /// <summary>Whether a tier has an external trigger and pays only who has put something into its cycle. It cannot change while a cycle runs.</summary>
    public bool TriggerPaysContributorsOnly(int tier) => Definition.Pools[tier].Trigger is ExternalTriggerDefinition { WinnersMustHaveContributed: not false };

    /// <summary>Whether others than whoever drops the pool have a part of its awards.</summary>
    public bool IsShared(int tier) => Definition.Pools[tier].Community is { Count: > 0 };

    public static JackpotTerms Of(JackpotDefinition definition, int version) => new(definition, definition.ToConfig() with { Version = version });

    /// <summary>
    /// The terms in force once approved ones meet the jackpot as it stands, under the next version when anything differs. A tier changes
    /// when its next cycle opens, but for its ceiling; see <see cref="TermsInForce"/>. What does not touch money in the pot (name,
    /// eligibility, limits, links, sources, tenants, callers) changes at once.
    /// </summary>
    public JackpotTerms Meet(JackpotTerms approved, JackpotState state)
    {
        var config = TermsInForce.After(Config, approved.Config, state);
        var pools = ImmutableArray.CreateBuilder<PoolDefinition>(state.Pools.Length);
        for (var tier = 0; tier < state.Pools.Length; tier++)
        {
            pools.Add(state.Pools[tier].Status == PoolStatus.Dropped
                ? approved.Definition.Pools[tier]
                : Definition.Pools[tier] with { CeilingMicros = config.Pools[tier].CeilingMicros });
        }

        var definition = approved.Definition with { Pools = pools.MoveToImmutable() };
        return definition == Definition ? this : new JackpotTerms(definition, config with { Version = Version + 1 });
    }

    /// <summary>True when nothing of the approved terms is left to wait for.</summary>
    public bool Are(JackpotTerms approved) => Definition == approved.Definition;
}
