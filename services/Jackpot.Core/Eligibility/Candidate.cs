using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Eligibility;

/// <summary>Whether a player may play for money at all.</summary>
public enum PlayerStatus
{
    Good,

    /// <summary>Has excluded themselves, or was excluded: nothing else is even looked at.</summary>
    SelfExcluded,

    /// <summary>Staff, household or test account (R48).</summary>
    HouseAccount,
}

/// <summary>A bet that might take part, as far as eligibility needs to know it.</summary>
public sealed record Candidate(
    PlayerStatus PlayerStatus,
    Hash16 Player,
    TenantId Brand,
    string Country,
    GameId Game,
    ImmutableArray<string> Segments,
    int? ConsentVersion,
    Money Stake,
    long AtUnixMs,
    BetFunding Funding = BetFunding.Cash);
