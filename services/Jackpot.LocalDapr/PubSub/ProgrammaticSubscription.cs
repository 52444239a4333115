using System.Text.Json;
using Jackpot.LocalDapr.Answers;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>The app's answer to <c>GET /dapr/subscribe</c>. An entry without any route is dropped; field names count in any case.</summary>
static class ProgrammaticSubscription
{
    public static IReadOnlyList<Subscription> Parse(JsonElement root) => root.ValueKind != JsonValueKind.Array
        ? []
        : [.. root.EnumerateArray().Select(ParseEntry).OfType<Subscription>()];

    static Subscription? ParseEntry(JsonElement entry)
    {
        var rules = new List<RouteRule>();
        if (entry.TryField("routes", out var routes) && routes.ValueKind == JsonValueKind.Object)
        {
            AddRules(routes, rules);
        }
        if (Text(entry, "route") is { Length: > 0 } route)
        {
            rules.Add(new RouteRule(null, route));
        }
        return rules.Count == 0 || Text(entry, "pubsubname") is not { Length: > 0 } name || Text(entry, "topic") is not { Length: > 0 } topic
            ? null
            : new Subscription(name, topic, rules, Text(entry, "deadLetterTopic") is { Length: > 0 } dead ? dead : null, MetadataOf(entry), BulkOf(entry), "PROGRAMMATIC");
    }

    static void AddRules(JsonElement routes, List<RouteRule> rules)
    {
        if (routes.TryField("rules", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (var rule in list.EnumerateArray())
            {
                var match = Text(rule, "match");
                rules.Add(new RouteRule(string.IsNullOrEmpty(match) ? null : EventExpression.Parse(match), Text(rule, "path") ?? ""));
            }
        }
        if (Text(routes, "default") is { Length: > 0 } otherwise)
        {
            rules.Add(new RouteRule(null, otherwise));
        }
    }

    static Dictionary<string, string> MetadataOf(JsonElement entry) =>
        entry.TryField("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
            ? metadata.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase)
            : [];

    static BulkSubscribe? BulkOf(JsonElement entry)
    {
        if (!entry.TryField("bulkSubscribe", out var bulk) || bulk.ValueKind != JsonValueKind.Object
            || !bulk.TryField("enabled", out var enabled) || enabled.ValueKind != JsonValueKind.True)
        {
            return null;
        }
        return new BulkSubscribe(Positive(bulk, "maxMessagesCount", 100), TimeSpan.FromMilliseconds(Positive(bulk, "maxAwaitDurationMs", 1000)));
    }

    static int Positive(JsonElement from, string name, int otherwise) =>
        from.TryField(name, out var number) && number.TryGetInt32(out var value) && value > 0 ? value : otherwise;

    static string? Text(JsonElement from, string name) =>
        from.TryField(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
