using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Amounts;

namespace Jackpot.Shard.Voids;

/// <summary>Takes a contribution back.</summary>
/// <param name="IdempotencyKey">The void's own; the header <c>Idempotency-Key</c> does as well.</param>
/// <param name="Amount">So much of the bet, in the bet's currency; all that is left when it is left out.</param>
/// <param name="Reason">Why, for the audit log; no personal data.</param>
/// <param name="TenantId">May be left out; else it must be the request's.</param>
internal sealed record VoidBody(
    string? IdempotencyKey = null, [property: JsonConverter(typeof(MoneyInputJsonConverter))] Money? Amount = null, string? Reason = null, string? TenantId = null);

/// <summary>What became of a void: <c>voided</c>, or <c>waits</c> for a bet that has not come.</summary>
internal sealed record VoidAnswered(string JpContribId, string Status, IReadOnlyList<VoidedPartView> Parts);

/// <summary>What was taken out of one jackpot.</summary>
/// <param name="JackpotId">The jackpot.</param>
/// <param name="Number">Gapless in the jackpot.</param>
/// <param name="Contribution">The part of the contribution that was taken back.</param>
/// <param name="Carried">What of it no pool gave back, because its cycle had dropped: the operator's settlement carries it.</param>
/// <param name="HeldAwards">What the bet had won; a person decides over the payouts.</param>
internal sealed record VoidedPartView(
    string JackpotId, long Number, [property: JsonConverter(typeof(MoneyJsonConverter))] Money Contribution,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Carried, IReadOnlyList<string> HeldAwards);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VoidBody))]
[JsonSerializable(typeof(VoidAnswered))]
internal sealed partial class VoidJson : JsonSerializerContext;
