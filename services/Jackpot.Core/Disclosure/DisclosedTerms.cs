using System.Collections.Immutable;
using Jackpot.Core.Community;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Disclosure;

/// <summary>Everything that the rules of a jackpot are written from.</summary>
public sealed record DisclosedTerms(JackpotConfig Config, EligibilityTerms Eligibility)
{
    /// <summary>What several winners get that a game names at one moment.</summary>
    public SimultaneousPolicy SimultaneousWinners { get; init; }

    /// <summary>In tier order, the parts of an award for others than whoever dropped the pool; tiers without any may be left out at the end.</summary>
    public ImmutableArray<ImmutableArray<CommunityPart>> Community { get; init; } = [];

    /// <summary>Jackpots that the same bets feed as well.</summary>
    public ImmutableArray<JackpotId> Links { get; init; } = [];

    internal ImmutableArray<CommunityPart> CommunityOf(int tier) => tier < Community.Length ? Community[tier] : [];
}
