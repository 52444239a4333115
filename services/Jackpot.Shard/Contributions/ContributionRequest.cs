using Jackpot.Core.Amounts;

namespace Jackpot.Shard.Contributions;

/// <summary>One contribution as it came over the wire, read but not yet believed.</summary>
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
    public WireMoney Contribution;

    /// <summary>The first field whose JSON type is not the expected one, or null.</summary>
    public string? WrongTypeField;
}

/// <summary>An amount as sent: <see cref="Fault"/> says what is wrong with it; <see cref="Currency"/> is unchecked text.</summary>
internal struct WireMoney
{
    public bool IsPresent;
    public AmountParse Fault;
    public long Micros;
    public string? Currency;
}
