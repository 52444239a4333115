using Jackpot.Core.Voids;

namespace Jackpot.Shard.Voids;

/// <summary>
/// A void that somebody asks for, over HTTP or off the stream. What it names is the bet's contribution id or its idempotency key, whichever the
/// operator knows; its own key makes it happen once.
/// </summary>
/// <param name="TenantId">Whose bet it is.</param>
/// <param name="Bet">The bet's contribution id or idempotency key.</param>
/// <param name="IdempotencyKey">The void's own; it never meets a bet's.</param>
/// <param name="AmountMicros">So much of the bet, in the bet's currency; null for all that is left.</param>
/// <param name="Currency">Of that amount; null for none.</param>
/// <param name="Reason">The operator's, kept as it is.</param>
internal sealed record VoidRequest(string TenantId, string Bet, string IdempotencyKey, long? AmountMicros, string? Currency, string Reason)
{
    /// <summary>Who approved it beyond the limits; null for an operator's own void.</summary>
    public VoidApproval? Approval { get; init; }
}

/// <summary>Two people have agreed to a void that the limits do not allow.</summary>
internal sealed record VoidApproval(VoidRoad Road, string By);
