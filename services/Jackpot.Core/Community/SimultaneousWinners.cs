using System.Collections.Immutable;
using Jackpot.Core.Amounts;

namespace Jackpot.Core.Community;

/// <summary>What several winners of one pool at one moment get; declared in the rules of the game (R36, R40).</summary>
/// <remarks>Bets cannot tie, for each has its own sequence. A game that triggers a drop (a bad beat, a community wheel) can name several winners.</remarks>
public enum SimultaneousPolicy
{
    /// <summary>Equal parts; what cannot be split goes to the first named.</summary>
    Split,

    /// <summary>Each gets the whole award; the house pays all but the first.</summary>
    EachInFull,

    /// <summary>The first named gets the award; the others take what the pool holds after each reset.</summary>
    InOrder,
}

/// <summary>What each winner gets in the order in which they were named, and what of it the house must add to the award.</summary>
public sealed record SimultaneousShares(ImmutableArray<long> Micros, long HouseMicros);

/// <summary>Applies the declared policy to one award.</summary>
public static class SimultaneousRules
{
    /// <summary>More winners at one table than any game has.</summary>
    public const int WinnersMax = 1_000;

    /// <param name="policy">As declared.</param>
    /// <param name="awardMicros">Of the drop.</param>
    /// <param name="resetMicros">What the pool shows after a reset; only <see cref="SimultaneousPolicy.InOrder"/> pays it, out of the house's pocket.</param>
    /// <param name="winners">How many were named at the same moment.</param>
    /// <param name="currency">Of the award.</param>
    public static SimultaneousShares Share(SimultaneousPolicy policy, long awardMicros, long resetMicros, int winners, Currency currency)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(awardMicros);
        ArgumentOutOfRangeException.ThrowIfLessThan(winners, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(winners, WinnersMax);
        var other = policy switch
        {
            SimultaneousPolicy.Split => awardMicros / currency.MinorUnitMicros / winners * currency.MinorUnitMicros,
            SimultaneousPolicy.EachInFull => awardMicros,
            SimultaneousPolicy.InOrder => resetMicros,
            _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "There is no such policy."),
        };
        var first = policy == SimultaneousPolicy.Split ? awardMicros - other * (winners - 1) : awardMicros;
        return new SimultaneousShares([first, .. Enumerable.Repeat(other, winners - 1)], first + other * (winners - 1) - awardMicros);
    }
}
