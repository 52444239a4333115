using System.Text.Json.Serialization;
using Jackpot.Dapr.Client;

namespace Jackpot.Dapr.Actors;

/// <summary>The answer to <c>GET /dapr/config</c>. What is not set is left out, so that Dapr's own defaults hold.</summary>
internal sealed record ActorAppConfig
{
    public required IReadOnlyList<string> Entities { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ActorIdleTimeout { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ActorScanInterval { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DrainOngoingCallTimeout { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? DrainRebalancedActors { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Reentrance? Reentrancy { get; init; }

    public static ActorAppConfig Of(ActorRuntimeOptions options) => new()
    {
        Entities = [.. options.Actors.Types.Keys],
        ActorIdleTimeout = Format(options.ActorIdleTimeout),
        ActorScanInterval = Format(options.ActorScanInterval),
        DrainOngoingCallTimeout = Format(options.DrainOngoingCallTimeout),
        DrainRebalancedActors = options.DrainRebalancedActors,
        Reentrancy = options.ReentrancyConfig.Enabled ? new Reentrance(true, options.ReentrancyConfig.MaxStackDepth) : null,
    };

    static string? Format(TimeSpan? time) => time is { } set ? DaprDuration.Format(set) : null;

    public sealed record Reentrance(
        bool Enabled,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxStackDepth);
}
