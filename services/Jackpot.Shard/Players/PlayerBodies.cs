using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Amounts;

namespace Jackpot.Shard.Players;

/// <summary>
/// <c>standing</c> is good, self_excluded or house_account (staff, household, test). <c>player_id</c> is for the endpoint without a player in its path;
/// at the other one it may be left out, and must be the one in the path when it is there.
/// </summary>
internal sealed record PlayerStatusBody(string? Standing, string? PlayerId = null);

/// <summary>How a player stands, since when, and the hash that stands for them in the definition of a personal pot.</summary>
internal sealed record PlayerStatusView(string PlayerId, string Standing, DateTimeOffset? Since, string PlayerHash);

/// <summary>A player agrees to a version of a jackpot's terms; <c>preferred_stake</c> is the side bet they want, the smallest when left out.</summary>
internal sealed record OptInBody(string? TenantId, string? PlayerId, string? JackpotId, int? ConsentVersion, [property: JsonConverter(typeof(MoneyInputJsonConverter))] Money? PreferredStake);

/// <summary>What a player has agreed to now, and every step that led there, newest first.</summary>
internal sealed record OptInView(
    string PlayerId, string JackpotId, bool OptedIn, int? ConsentVersion, [property: JsonConverter(typeof(MoneyJsonConverter))] Money? PreferredStake, DateTimeOffset? At, IReadOnlyList<OptInStep>? History);

/// <summary>One step: an opt-in with the version agreed to, or an opt-out without one.</summary>
internal sealed record OptInStep(int? ConsentVersion, [property: JsonConverter(typeof(MoneyJsonConverter))] Money? PreferredStake, DateTimeOffset At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlayerStatusBody))]
[JsonSerializable(typeof(PlayerStatusView))]
[JsonSerializable(typeof(OptInBody))]
[JsonSerializable(typeof(OptInView))]
internal sealed partial class PlayerJson : JsonSerializerContext;
