using Jackpot.Core.Eligibility;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Texts;

namespace Jackpot.Shard.Contributions;

/// <summary>
/// The 16-byte hashes that make a contribution idempotent: of who sent it under which key, of who sent it under which contribution id, and of
/// everything it says, the contribution id included and the key alone left out. Each is the first half of a SHA-256; two bodies that mean the same (white space, field order, time zone) hash the same.
/// </summary>
internal static class ContributionHash
{
    const int StackBytesMax = 2048;

    static readonly string CashName = WireNames.Of(BetFunding.Cash);

    public static Guid Key(string tenantId, string idempotencyKey)
    {
        var text = new CanonicalText(stackalloc byte[StackBytesMax]);
        text.Add(tenantId);
        text.Add(idempotencyKey);
        return text.Hash();
    }

    /// <summary>Of the contribution id, made like a key: where both are one text there is one hash, and one is enough to store.</summary>
    public static Guid Id(ContributionRequest request) => Key(request.TenantId!, request.ContributionId!);

    /// <summary>The key of one part of a request that reaches several jackpots.</summary>
    public static Guid Part(string tenantId, string idempotencyKey, string jackpotId)
    {
        var text = new CanonicalText(stackalloc byte[StackBytesMax]);
        text.Add(tenantId);
        text.Add(idempotencyKey);
        text.Add(jackpotId);
        return text.Hash();
    }

    /// <param name="request">What was said.</param>
    /// <param name="jackpotId">The jackpot it is said of; empty for a request as a whole that reaches several.</param>
    /// <param name="occurredAt">Its time, read.</param>
    public static Guid Body(ContributionRequest request, string jackpotId, DateTimeOffset occurredAt)
    {
        var text = new CanonicalText(stackalloc byte[StackBytesMax]);
        text.Add(request.ContributionId!);
        text.Add(request.TenantId!);
        text.Add(jackpotId);
        text.Add(request.PlayerId!);
        text.Add(request.GameId!);
        text.Add(request.RoundId!);
        text.Add(request.Bet.Micros);
        text.Add(request.Bet.Currency!);
        text.Add(request.Contribution.IsPresent ? request.Contribution.Micros : -1);
        text.Add(request.Contribution.Currency ?? "");
        text.Add(occurredAt.UtcTicks);
        AddParticipation(ref text, request);
        return text.Hash();
    }

    /// <summary>Of any list of fields.</summary>
    public static Guid Of(ReadOnlySpan<string> fields)
    {
        var text = new CanonicalText(stackalloc byte[StackBytesMax]);
        foreach (var field in fields)
        {
            text.Add(field);
        }

        return text.Hash();
    }

    /// <summary>Fields that came later are hashed with their names and only when they are there, so that older requests keep their hashes.</summary>
    static void AddParticipation(ref CanonicalText text, ContributionRequest request)
    {
        // Cash says the same as nothing.
        if (request.Funding is { } funding && funding != CashName)
        {
            text.Add("bet.funding");
            text.Add(funding);
        }

        if (request.PlayerCountry is { } country)
        {
            text.Add("player_country");
            text.Add(country);
        }

        if (request.Segments is { Count: > 0 } segments)
        {
            text.Add("segments");
            text.Add(segments.Count);
            foreach (var segment in segments.Order(StringComparer.Ordinal))
            {
                text.Add(segment!);
            }
        }

        if (request.Sources is { Count: > 0 } sources)
        {
            text.Add("sources");
            text.Add(sources.Count);
            foreach (var source in sources)
            {
                text.Add(source.Kind!);
                text.Add(source.Name!);
            }
        }
    }
}
