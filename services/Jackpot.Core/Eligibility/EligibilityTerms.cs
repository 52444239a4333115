using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Eligibility;

/// <summary>Who may take part in a jackpot, and with what. An empty list lets everybody in.</summary>
public sealed record EligibilityTerms
{
    public ImmutableArray<TenantId> Brands { get; init; } = [];

    /// <summary>ISO 3166 codes of the player's country.</summary>
    public ImmutableArray<string> Countries { get; init; } = [];

    public ImmutableArray<GameId> Games { get; init; } = [];

    /// <summary>The player must be in at least one of these.</summary>
    public ImmutableArray<string> Segments { get; init; } = [];

    /// <summary>Smallest and largest stake per currency; a currency without a band is not taken once there is any band.</summary>
    public ImmutableArray<StakeBand> Bands { get; init; } = [];

    /// <summary>The version of the terms that a player must have agreed to; null when no opt-in is asked for.</summary>
    public int? ConsentVersion { get; init; }

    /// <summary>What money feeds the jackpot; it can win it as well unless the terms say otherwise. Rounds that the house gives away do only where the terms say so.</summary>
    public ImmutableArray<BetFunding> Fundings { get; init; } = FundingsDefault;

    /// <summary>What terms mean that do not say.</summary>
    public static ImmutableArray<BetFunding> FundingsDefault { get; } = [BetFunding.Cash, BetFunding.Bonus];

    /// <summary>When an event jackpot begins and ends, in milliseconds since 1970 UTC; null for one that always runs.</summary>
    public EventTime? Runs { get; init; }

    /// <summary>Whose pot this is (R11): only that player feeds it and can win it. A hash: who it is stays in the region. Null for a shared jackpot.</summary>
    public Hash16? Owner { get; init; }
}

/// <summary>From the first instant, included, to the second, not included.</summary>
public sealed record EventTime(long FromUnixMs, long UntilUnixMs);

/// <summary>The stakes that are taken in one currency, both bounds included.</summary>
public sealed record StakeBand(Currency Currency, long MinMicros, long MaxMicros);
