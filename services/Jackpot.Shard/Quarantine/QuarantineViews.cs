using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Amounts;

namespace Jackpot.Shard.Quarantine;

/// <summary>Why something is decided.</summary>
internal sealed record WhyBody(string? Why);

/// <summary>An entry of the quarantine, for staff: status held, releasing, released or refused; reason stake_too_large or rate_too_high.</summary>
internal sealed record QuarantineView(
    long Id,
    string Status,
    string Reason,
    string JackpotId,
    string TenantId,
    string JpContribId,
    string PlayerId,
    string GameId,
    string RoundId,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Bet,
    DateTimeOffset OccurredAt,
    DateTimeOffset ReceivedAt,
    string? DecidedBy,
    string? Why,
    DateTimeOffset? DecidedAt);

/// <summary>Entries, oldest first.</summary>
/// <param name="Quarantine">Those that can be read.</param>
/// <param name="Unreadable">Those that cannot; null when there are none.</param>
internal sealed record QuarantineList(IReadOnlyList<QuarantineView> Quarantine, IReadOnlyList<UnreadableEntry>? Unreadable);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WhyBody))]
[JsonSerializable(typeof(QuarantineView))]
[JsonSerializable(typeof(QuarantineList))]
internal sealed partial class QuarantineJson : JsonSerializerContext;
