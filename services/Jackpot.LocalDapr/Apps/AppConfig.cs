using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Timing;

namespace Jackpot.LocalDapr.Apps;

/// <summary>How the app wants the actors of one type treated.</summary>
sealed record ActorTypeSettings(TimeSpan IdleTimeout, TimeSpan DrainTimeout, bool DrainRebalanced, bool Reentrant, int StackDepthMax);

/// <summary>The app's answer to <c>GET /dapr/config</c>; anything but a readable 200 means "no actors".</summary>
sealed record AppConfig(IReadOnlyDictionary<string, ActorTypeSettings> ActorTypes)
{
    const int StackDepthMaxDefault = 32;

    // At or above this the drain is clamped to 0.8 of it, so that a slow app cannot hold up a whole round.
    static readonly TimeSpan DisseminationTimeout = TimeSpan.FromSeconds(30);

    static readonly ActorTypeSettings Defaults = new(TimeSpan.FromMinutes(60), TimeSpan.FromSeconds(2), true, false, StackDepthMaxDefault);

    public static readonly AppConfig Empty = new(new Dictionary<string, ActorTypeSettings>());

    public static AppConfig Parse(JsonElement root)
    {
        var common = Read(root, Defaults);
        var types = new Dictionary<string, ActorTypeSettings>();
        foreach (var type in Texts(root, "entities"))
        {
            types[type] = common;
        }
        if (root.TryField("entitiesConfig", out var special) && special.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in special.EnumerateArray())
            {
                var settings = Read(entry, common);
                foreach (var type in Texts(entry, "entities"))
                {
                    types[type] = settings;
                }
            }
        }
        return new AppConfig(types);
    }

    static ActorTypeSettings Read(JsonElement from, ActorTypeSettings otherwise)
    {
        var drain = Duration(from, "drainOngoingCallTimeout") ?? otherwise.DrainTimeout;
        var reentrancy = from.TryField("reentrancy", out var written) && written.ValueKind == JsonValueKind.Object ? written : default;
        return new ActorTypeSettings(
            Duration(from, "actorIdleTimeout") ?? otherwise.IdleTimeout,
            drain >= DisseminationTimeout ? DisseminationTimeout * 0.8 : drain,
            Flag(from, "drainRebalancedActors") ?? otherwise.DrainRebalanced,
            Flag(reentrancy, "enabled") ?? otherwise.Reentrant,
            Whole(reentrancy, "maxStackDepth") ?? otherwise.StackDepthMax);
    }

    static IEnumerable<string> Texts(JsonElement from, string name) =>
        from.TryField(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)
            : [];

    static TimeSpan? Duration(JsonElement from, string name) =>
        from.TryField(name, out var text) && text.ValueKind == JsonValueKind.String && GoDuration.TryParse(text.GetString(), out var value) && value > TimeSpan.Zero
            ? value
            : null;

    static bool? Flag(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryField(name, out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.GetBoolean() : null;

    static int? Whole(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryField(name, out var number) && number.TryGetInt32(out var value) ? value : null;
}
