using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Jackpot.Shard.Jackpots;

/// <summary>An award. Game, round and contribution are the bet's that won, and empty when no bet did.</summary>
[Table("award")]
internal sealed record AwardRow(
    [property: Key] string AwardId, int Pool, int Jackpot, long Cycle, long Sequence, long Amount, string Currency, DateTimeOffset AwardedAt, long House,
    long[] WinningTickets, string TenantId, string GameId, string RoundId, string ContributionId);

/// <summary>The share of one winner.</summary>
[Table("payout")]
internal sealed record PayoutRow(
    [property: Key] string PayoutId, string AwardId, int Winner, string State, string? Reason, int Attempts, DateTimeOffset ChangedAt, long Amount, string? Part,
    string TenantId, string PlayerId)
{
    /// <summary>What the winner gets, in their own currency; null in rows of an older version.</summary>
    public long? Paid { get; init; }

    public string? PaidCurrency { get; init; }

    /// <summary>The version of the rate between the two; 0 when they are the same.</summary>
    public int? RateVersion { get; init; }

    /// <summary>Why it waits for people; null when it does not, or when an older version has held it.</summary>
    public string? HoldCause { get; init; }

    public bool InDoubt { get; init; }

    public DateTimeOffset? HeldAt { get; init; }

    public string? ClaimedBy { get; init; }

    /// <summary>Where it is paid to after a re-route.</summary>
    public string? ToTenant { get; init; }

    public string? ToPlayer { get; init; }

    public int Route { get; init; }
}

/// <summary>A cycle of a pool. Its secret is null while it plays; the sealed one is not for anybody to see.</summary>
[Table("cycle")]
[PrimaryKey(nameof(Pool), nameof(Cycle))]
internal sealed record CycleRow(
    int Pool, long Cycle, byte[] Commitment, byte[]? Secret, DateTimeOffset OpenedAt, long OpenedAfterSequence, DateTimeOffset? DroppedAt, long? DroppedAtSequence);
