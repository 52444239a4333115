using Jackpot.Core.Amounts;
using Jackpot.ServiceDefaults.Json;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Contributions;

/// <summary>One contribution as it came over the wire, read but not yet checked.</summary>
internal sealed class ContributionRequest
{
    public string? ContributionId;
    public string? TenantId;
    public string? PoolId;
    public string? JackpotId;
    public string? PlayerId;
    public string? GameId;
    public string? RoundId;
    public string? IdempotencyKey;
    public string? OccurredAt;
    public WireMoney Bet;
    /// <summary>The word in <c>bet.funding</c>; null when left out.</summary>
    public string? Funding;
    public WireMoney Contribution;
    public string? PlayerCountry;

    /// <summary>Null when left out. One more than allowed are read, so that the validator can refuse them.</summary>
    public List<string?>? Segments;

    /// <summary>As <see cref="Segments"/>.</summary>
    public List<WireSource>? Sources;

    /// <summary>Why nothing of it was read, when nothing was.</summary>
    public JsonFault Unreadable;

    /// <summary>The first field whose JSON type is not the expected one, or null.</summary>
    public string? WrongTypeField;
}

/// <summary>A source as sent; both are unchecked text.</summary>
internal readonly record struct WireSource(string? Kind, string? Name);

/// <summary>An amount as sent: <see cref="Fault"/> says what is wrong with it; <see cref="Currency"/> is unchecked text.</summary>
internal struct WireMoney
{
    public bool IsPresent;
    public AmountParse Fault;
    public long Micros;
    public string? Currency;
}
