using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Contracts.Views;
using Jackpot.Core.Amounts;

namespace Jackpot.Shard.Contributions;

/// <summary>A bet that has not been made: as a contribution, without ids of its own.</summary>
internal sealed record CandidateBody(
    string TenantId, string? PoolId, string? JackpotId, string PlayerId, string GameId, MoneyBody Bet, string? PlayerCountry, IReadOnlyList<string>? Segments,
    IReadOnlyList<SourceBody>? Sources);

/// <summary>One answer per jackpot that the bet would reach.</summary>
internal sealed record CandidateList(IReadOnlyList<CandidateView> Candidates);

/// <summary>Whether a jackpot would take the bet. All reasons against it, the first of them being the one that a contribution is refused with.</summary>
/// <param name="JackpotId">The jackpot.</param>
/// <param name="Eligible">Whether it would take the bet.</param>
/// <param name="Reasons">Empty when it would.</param>
/// <param name="Stake">The bet in the jackpot's currency; left out when no rate leads there.</param>
/// <param name="StakeBand">Which stakes are taken in the bet's currency; left out when all are, or none.</param>
/// <param name="SideBet">What the player's side bet would be; left out when the jackpot asks for none or the player has not opted in.</param>
/// <param name="Tiers">The chance of this stake in each tier.</param>
internal sealed record CandidateView(
    string JackpotId,
    bool Eligible,
    IReadOnlyList<string> Reasons,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money? Stake,
    StakeBandView? StakeBand,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money? SideBet,
    IReadOnlyList<CandidateTier> Tiers);

/// <summary>Smallest and largest stake, both taken.</summary>
internal sealed record StakeBandView(
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Min, [property: JsonConverter(typeof(MoneyJsonConverter))] Money Max);

/// <summary><c>odds</c> is exact, in lowest terms, for example "1 in 250000"; left out where they depend on the traffic or on what is hidden.</summary>
internal sealed record CandidateTier(string PoolId, string? Odds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CandidateList))]
internal sealed partial class CandidateJson : JsonSerializerContext;
