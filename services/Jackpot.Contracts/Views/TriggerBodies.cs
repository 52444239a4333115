using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Amounts;

namespace Jackpot.Contracts.Views;

/// <summary>A game's server says that a pool drops now, and to whom.</summary>
/// <param name="TriggerId">The caller's name for it: the same trigger under the same name gets the first answer again.</param>
/// <param name="PoolId">May be left out on <c>/jackpot/{id}/award</c> when one pool of the jackpot has an external trigger.</param>
/// <param name="TenantId">The winners' operator, who is the caller.</param>
/// <param name="Winners">One to 1,000; several share as the rules of the game declare, in this order.</param>
public sealed record TriggerBody(string? TriggerId, string? PoolId, string? TenantId, IReadOnlyList<TriggerWinner?>? Winners);

/// <summary>One winner and the round that they won in.</summary>
/// <param name="PlayerId">Who takes part in the jackpot, as with a bet.</param>
/// <param name="GameId">The game.</param>
/// <param name="RoundId">The round.</param>
/// <param name="PlayerCountry">ISO 3166; needed where the jackpot is for some countries only.</param>
/// <param name="Segments">Needed where the jackpot is for some segments only.</param>
public sealed record TriggerWinner(string? PlayerId, string? GameId, string? RoundId, string? PlayerCountry = null, IReadOnlyList<string?>? Segments = null);

/// <summary>The answer to a trigger; the same bytes again when it is repeated.</summary>
public sealed record TriggerAnswered(string TriggerId, string Status, TriggeredAward Award);

/// <summary>A raffle is to be drawn now.</summary>
/// <param name="DrawId">The caller's name for it, as with a trigger.</param>
/// <param name="Why">For the audit log.</param>
public sealed record DrawBody(string? DrawId, string? Why);

/// <summary>The answer to a draw; the same bytes again when it is repeated.</summary>
public sealed record DrawAnswered(string DrawId, string Status, TriggeredAward Award);

/// <summary>An award of a trigger or a draw.</summary>
/// <param name="House">What the house adds to the amount for further winners; absent when nothing.</param>
/// <param name="WinningTickets">Of a raffle, in the order in which they were drawn.</param>
public sealed record TriggeredAward(
    string AwardId,
    string PoolId,
    string JackpotId,
    long Cycle,
    long Sequence,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Amount,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money? House,
    IReadOnlyList<long>? WinningTickets,
    IReadOnlyList<TriggeredPayout> Payouts);

/// <summary>What a winner gets. The amount is absent where a community has a part of the award.</summary>
public sealed record TriggeredPayout(
    string PayoutId, string TenantId, string PlayerId, [property: JsonConverter(typeof(MoneyJsonConverter))] Money? Amount);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TriggerBody))]
[JsonSerializable(typeof(TriggerAnswered))]
[JsonSerializable(typeof(DrawBody))]
[JsonSerializable(typeof(DrawAnswered))]
public sealed partial class TriggerJson : JsonSerializerContext;
