using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Amounts;

namespace Jackpot.Shard.Refunds;

/// <summary>Contributions that two people agree to take back: one beyond the limits of voids, or all of a time in which something was wrong.</summary>
internal sealed record Refund(long Id, string Status, string Author, string Why, RefundScope Scope)
{
    public const string Proposed = "proposed";
    public const string Approved = "approved";
    public const string Done = "done";
    public const string Rejected = "rejected";
    public const string Withdrawn = "withdrawn";

    /// <summary>What was there when it was proposed.</summary>
    public RefundPreview Preview { get; init; } = new(0, []);

    public string? DecidedBy { get; init; }

    public string? DecidedWhy { get; init; }

    /// <summary>The last contribution that was looked at, and the last that will be.</summary>
    public long ThroughSequence { get; init; }

    public long ToSequence { get; init; }

    /// <summary>Contributions that were taken back.</summary>
    public long Voided { get; init; }

    /// <summary>Those of which nothing was left to be taken back.</summary>
    public long PassedOver { get; init; }

    public Int128 ContributionMicros { get; init; }

    public Int128 CarriedMicros { get; init; }
}

/// <summary>What a refund is of.</summary>
internal abstract record RefundScope
{
    private RefundScope()
    {
    }

    /// <summary>One bet, or a part of it: the operator's settlement carries it.</summary>
    public sealed record Bet(string TenantId, string ContributionId, long? BetMicros, string? Currency) : RefundScope;

    /// <summary>Every contribution of a jackpot that was received in a time: out of the pools as far as their cycles still run.</summary>
    public sealed record Window(int Jackpot, string JackpotId, string? TenantId, string? GameId, DateTimeOffset From, DateTimeOffset To) : RefundScope;
}

/// <summary>What a refund would take back.</summary>
/// <param name="Contributions">How many.</param>
/// <param name="Sums">By currency of the bets.</param>
internal sealed record RefundPreview(long Contributions, IReadOnlyList<RefundSum> Sums);

/// <summary>The bets of one currency, and what they gave to the jackpot in its own.</summary>
internal sealed record RefundSum(
    string BetCurrency, long Contributions, [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Bets,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 ContributionsIn);

/// <summary>Proposes a refund: of a bet (<c>contribution_id</c>, <c>tenant_id</c>), or of a window (<c>jackpot_id</c>, <c>from</c>, <c>to</c>).</summary>
internal sealed record RefundBody(
    string? Why = null, string? TenantId = null, string? ContributionId = null, [property: JsonConverter(typeof(MoneyInputJsonConverter))] Money? Amount = null,
    string? JackpotId = null, string? GameId = null, DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <summary>A refund as staff see it.</summary>
internal sealed record RefundView(
    long Id, string Kind, string Status, string Author, string Why, string? DecidedBy, string? DecidedWhy, string? TenantId, string? ContributionId, string? JackpotId,
    string? GameId, DateTimeOffset? From, DateTimeOffset? To, RefundPreview Preview, long Voided, long PassedOver,
    [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Contribution, [property: JsonConverter(typeof(SumMicrosConverter))] Int128 Carried)
{
    public static RefundView Of(Refund refund)
    {
        var (bet, window) = (refund.Scope as RefundScope.Bet, refund.Scope as RefundScope.Window);
        return new RefundView(
            refund.Id, bet is null ? "window" : "void", refund.Status, refund.Author, refund.Why, refund.DecidedBy, refund.DecidedWhy, bet?.TenantId ?? window!.TenantId,
            bet?.ContributionId, window?.JackpotId, window?.GameId, window?.From, window?.To, refund.Preview, refund.Voided, refund.PassedOver,
            refund.ContributionMicros, refund.CarriedMicros);
    }
}

/// <summary>The newest refunds.</summary>
internal sealed record RefundList(IReadOnlyList<RefundView> Refunds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RefundBody))]
[JsonSerializable(typeof(RefundView))]
[JsonSerializable(typeof(RefundList))]
[JsonSerializable(typeof(RefundPreview))]
internal sealed partial class RefundJson : JsonSerializerContext;
