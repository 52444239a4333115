using System.Text.Json.Serialization;

namespace Jackpot.Contracts.Views;

/// <summary>Money as it stands in a body. <c>amount</c> is a plain decimal number of at most six decimals, at most 10^12.</summary>
public sealed record MoneyBody(decimal Amount, string Currency);

/// <summary>A bet as it stands in a body. <c>funding</c> is cash, bonus or free_round; cash when left out.</summary>
public sealed record BetMoneyBody(decimal Amount, string Currency, string? Funding = null);

/// <summary>Where a bet comes from; <c>kind</c> is vertical, group, game, deposit or bet_slip.</summary>
public sealed record SourceBody(string Kind, string Name);

/// <summary>
/// One contribution as an operator sends it. Either <c>pool_id</c> or <c>jackpot_id</c> names the target, or <c>sources</c> (at most 16)
/// finds all that they feed; <c>contrib</c> is checked, not taken for true. Country (ISO 3166, two letters) and segments (at most 32) decide who may take part.
/// </summary>
public sealed record ContributionBody(
    string JpContribId,
    string TenantId,
    string? PoolId,
    string? JackpotId,
    string PlayerId,
    string GameId,
    string RoundId,
    BetMoneyBody Bet,
    MoneyBody? Contrib,
    DateTimeOffset OccurredAt,
    string IdempotencyKey,
    string? PlayerCountry = null,
    IReadOnlyList<string>? Segments = null,
    IReadOnlyList<SourceBody>? Sources = null);

/// <summary>Up to 1,000 contributions.</summary>
public sealed record ContributionBatchBody(IReadOnlyList<ContributionBody> Contributions);

/// <summary>A pool right after a contribution.</summary>
public sealed record AnsweredPool(string PoolId, long Cycle, MoneyBody Amount);

/// <summary>An award that the contribution won.</summary>
public sealed record AnsweredAward(string AwardId, string PoolId, MoneyBody Amount);

/// <summary>The answer to a contribution; the same bytes again when the request is repeated.</summary>
public sealed record ContributionAnswered(
    string JpContribId, string Status, string JackpotId, long Sequence, MoneyBody Contribution, IReadOnlyList<AnsweredPool> Pools, IReadOnlyList<AnsweredAward>? Awards);

/// <summary>The answer (202) to a contribution whose stake is over a limit: <c>status</c> is held, <c>reason</c> stake_too_large or rate_too_high. Staff decide.</summary>
public sealed record ContributionHeld(string JpContribId, string Status, string JackpotId, string Reason);

/// <summary>
/// The answer to a contribution that may reach several jackpots, by sources or by links: each part accepted, held, refused with its
/// problem, or not_asked because the jackpot that was named refused.
/// </summary>
public sealed record PartsAnswered(IReadOnlyList<BatchAnsweredItem> Results);

/// <summary>One answer of a batch: as for a single contribution, or <c>status</c> "refused" with the problem.</summary>
public sealed record BatchAnsweredItem(
    string JpContribId, string Status, string? JackpotId, long? Sequence, MoneyBody? Contribution, IReadOnlyList<AnsweredPool>? Pools,
    IReadOnlyList<AnsweredAward>? Awards, ProblemBody? Problem);

/// <summary>The answers of a batch, in the order of its items.</summary>
public sealed record BatchAnswered(IReadOnlyList<BatchAnsweredItem> Results);

/// <summary>RFC 9457. <c>type</c> is stable: <c>urn:jackpot:problem:</c> and the kind; <c>reason</c> says more where the type alone does not.</summary>
public sealed record ProblemBody(string Type, string Title, int Status, string Detail, [property: JsonPropertyName("region_url")] string? RegionUrl, string? Reason = null);
