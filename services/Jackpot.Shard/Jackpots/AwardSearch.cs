namespace Jackpot.Shard.Jackpots;

/// <summary>Who looks at awards, which says whose players and bets are named.</summary>
internal readonly record struct AwardReader
{
    AwardReader(string? tenantId, bool isStaff) => (TenantId, IsStaff) = (tenantId, isStaff);

    /// <summary>Anybody: no player, no bet.</summary>
    public static readonly AwardReader Anybody = new(null, false);

    /// <summary>Staff: all of them.</summary>
    public static readonly AwardReader Staff = new(null, true);

    /// <summary>An operator: their own.</summary>
    public static AwardReader Of(string tenantId) => new(tenantId, false);

    public string? TenantId { get; }

    bool IsStaff { get; }

    public bool Sees(string tenantId) => IsStaff || TenantId == tenantId;
}

/// <summary>Which awards are looked for; null for any.</summary>
/// <param name="TenantId">With a share of a player of this tenant.</param>
/// <param name="PlayerId">With a share of this player.</param>
/// <param name="GameId">Won by a bet of this game; of this tenant, when there is one.</param>
/// <param name="RoundId">As <paramref name="GameId"/>.</param>
/// <param name="ContributionId">As <paramref name="GameId"/>.</param>
/// <param name="From">Awarded at this time or later.</param>
/// <param name="To">Awarded before this time.</param>
/// <param name="After">Older than this award, or as old and behind it.</param>
/// <param name="AtMost">Awards.</param>
internal sealed record AwardSearch(
    string? TenantId, string? PlayerId, string? GameId, string? RoundId, string? ContributionId, DateTimeOffset? From, DateTimeOffset? To, string? After, int AtMost)
{
    public bool IsOfBet => GameId is not null || RoundId is not null || ContributionId is not null;
}
