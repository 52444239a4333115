using System.Collections.Immutable;
using Jackpot.Core.Awards;
using Jackpot.Core.Contributions;
using Jackpot.Ledger.Contributions;

namespace Jackpot.Ledger.Awards;

/// <summary>Who won and in which round. <paramref name="ContributionId"/> is empty when no contribution won.</summary>
internal sealed record Winner(string TenantId, string PlayerId, string GameId, string RoundId, string ContributionId = "")
{
    /// <summary>What they bet in; null for the jackpot's currency, and where nobody knows.</summary>
    public PlayerRate? Rate { get; init; }

    public static Winner Of(in AcceptedContribution contribution) =>
        new(contribution.TenantId, contribution.PlayerId, contribution.GameId, contribution.RoundId, contribution.ContributionId) { Rate = PlayerRate.Of(contribution) };
}

/// <summary>What one winner of an award gets.</summary>
internal sealed record WinnerShare(Winner Winner, long Micros);

/// <summary>An award as a commit freezes it: what dropped, and who is paid how much of it, in the order of their payouts.</summary>
internal sealed record FrozenAward(AwardId Id, int Tier, Drop Drop, ImmutableArray<WinnerShare> Shares)
{
    /// <summary>What the house adds to the award, so that every winner gets what the rules of the game promise.</summary>
    public long HouseMicros { get; init; }

    /// <summary>The caller's name for the drop; null when a stake dropped the pool.</summary>
    public string? TriggeredBy { get; init; }

    public static FrozenAward Whole(AwardId id, int tier, Drop drop, Winner winner) =>
        new(id, tier, drop, [new WinnerShare(winner, drop.AwardMicros)]);
}
