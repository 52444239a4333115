using Jackpot.Core.Amounts;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Pools;

/// <summary>The terms of one tier. Amounts are micro-units of the jackpot's home currency.</summary>
/// <param name="Id">Unique in the platform.</param>
/// <param name="ContributionRate">Share of the stake that the player sees in the pool.</param>
/// <param name="ReserveRate">Share of the stake that is set aside for the next seed (the "hidden rate" of NJ 1.39A).</param>
/// <param name="SeedMicros">What a cycle starts from; whole minor units.</param>
/// <param name="CeilingMicros">What the pool never exceeds; null for none. Above it, contributions go to the overflow (R06).</param>
/// <param name="Trigger">What makes it drop.</param>
public sealed record PoolConfig(
    PoolId Id,
    PartsPerMillion ContributionRate,
    PartsPerMillion ReserveRate,
    long SeedMicros,
    long? CeilingMicros,
    Trigger Trigger)
{
    /// <summary>Whether contributions grow what the player sees.</summary>
    public PoolKind Kind { get; init; } = PoolKind.Progressive;

    /// <summary>Whether the reserve is meant to pay for the seeds alone.</summary>
    public SeedFunding SeedFunding { get; init; } = SeedFunding.HouseFunded;

    /// <summary>The next seed is at least this share of the award, rounded down to minor units; zero for a seed that is always the same.</summary>
    public PartsPerMillion SeedShareOfAward { get; init; }

    /// <summary>Added to a seed as far as overflow and reserve can pay it; whole minor units.</summary>
    public long SeedBoostMicros { get; init; }

    /// <summary>
    /// The smallest stake of which a micro-unit reaches this pool or its reserve; rounding down leaves nothing of a smaller one. A pool that
    /// takes nothing from any stake, because the house pays for all of it, is there for every stake above zero.
    /// </summary>
    public long LeastStakeMicros
    {
        get
        {
            var rate = Math.Max(ContributionRate.Value, ReserveRate.Value);
            return rate == 0 ? 1 : (PartsPerMillion.Whole + rate - 1) / rate;
        }
    }

    /// <summary>The amount that the pool cannot pass: the ceiling, or a must-drop's maximum when that is lower; <see cref="long.MaxValue"/> for none.</summary>
    public long EffectiveCeilingMicros => Math.Min(
        CeilingMicros ?? long.MaxValue,
        Trigger is MustDropByAmount mustDrop ? mustDrop.MaxMicros : long.MaxValue);
}

/// <summary>Whether a pool grows.</summary>
public enum PoolKind
{
    /// <summary>Every contribution makes it bigger.</summary>
    Progressive,

    /// <summary>It always shows its seed; contributions only fill the reserve that pays for the next one.</summary>
    Fixed,
}

/// <summary>Who stands in for seeds that overflow and reserve cannot pay.</summary>
public enum SeedFunding
{
    /// <summary>The house, knowingly: no check is made.</summary>
    HouseFunded,

    /// <summary>Nobody in the long run: the reserve rate must pay for every seed, and a pool where it cannot is refused (R09).</summary>
    SelfFunded,
}
