using Jackpot.LocalDapr.Components;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>A Subscription document, v2alpha1 with routes or v1alpha1 with one route.</summary>
static class DeclarativeSubscription
{
    public static IReadOnlyList<Subscription> Read(IEnumerable<ResourceDocument> documents, string appId, string appNamespace) =>
        [.. documents.Where(document => document.Kind == "Subscription" && IsFor(document.Root, appId, appNamespace)).Select(document => Parse(document.Root))];

    static bool IsFor(YamlMap root, string appId, string appNamespace)
    {
        var scopes = root.Texts("scopes");
        return (scopes.Count == 0 || scopes.Contains(appId)) && (root.Map("metadata")?.Text("namespace") is not { } other || other == appNamespace);
    }

    static Subscription Parse(YamlMap root)
    {
        root.OnlyKnows("apiVersion", "kind", "metadata", "spec", "scopes");
        var version = root.Required("apiVersion");
        if (version is not ("dapr.io/v2alpha1" or "dapr.io/v1alpha1"))
        {
            throw root.Fault("apiVersion", $"apiVersion is '{version}'; a subscription has dapr.io/v2alpha1 or dapr.io/v1alpha1");
        }
        var spec = root.RequiredMap("spec");
        spec.OnlyKnows("pubsubname", "topic", "routes", "route", "metadata", "deadLetterTopic", "bulkSubscribe");
        return new Subscription(
            spec.Required("pubsubname"), spec.Required("topic"),
            version == "dapr.io/v1alpha1" ? [new RouteRule(null, spec.Required("route"))] : RulesOf(spec.RequiredMap("routes")),
            spec.Text("deadLetterTopic") is { Length: > 0 } dead ? dead : null,
            spec.Map("metadata") is { } metadata ? metadata.Names.ToDictionary(name => name, name => metadata.Text(name)!, StringComparer.OrdinalIgnoreCase) : [],
            BulkOf(spec.Map("bulkSubscribe")), "DECLARATIVE");
    }

    static List<RouteRule> RulesOf(YamlMap routes)
    {
        routes.OnlyKnows("rules", "default");
        var rules = new List<RouteRule>();
        foreach (var rule in routes.Maps("rules"))
        {
            rule.OnlyKnows("match", "path");
            rules.Add(new RouteRule(ExpressionOf(rule), rule.Required("path")));
        }
        if (routes.Text("default") is { Length: > 0 } otherwise)
        {
            rules.Add(new RouteRule(null, otherwise));
        }
        return rules;
    }

    static EventExpression? ExpressionOf(YamlMap rule)
    {
        try
        {
            return rule.Text("match") is { Length: > 0 } match ? EventExpression.Parse(match) : null;
        }
        catch (FormatException unreadable)
        {
            throw rule.Fault("match", unreadable.Message);
        }
    }

    static BulkSubscribe? BulkOf(YamlMap? bulk)
    {
        bulk?.OnlyKnows("enabled", "maxMessagesCount", "maxAwaitDurationMs");
        return bulk?.Flag("enabled", false) == true
            ? new BulkSubscribe(bulk.Whole("maxMessagesCount") ?? 100, TimeSpan.FromMilliseconds(bulk.Whole("maxAwaitDurationMs") ?? 1000))
            : null;
    }
}
