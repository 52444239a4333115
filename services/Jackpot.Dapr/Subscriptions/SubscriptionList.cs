using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Routing;

namespace Jackpot.Dapr.Subscriptions;

/// <summary>The answer to <c>GET /dapr/subscribe</c>: one entry per component and topic, its rules in order, the endpoint without a rule as default.</summary>
internal static class SubscriptionList
{
    public static List<Subscription> Of(IEnumerable<EndpointDataSource> sources) =>
    [
        .. sources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Distinct()
            .SelectMany(endpoint => TopicsOf(endpoint).Select(topic => (Topic: topic, Path: PathOf(endpoint))))
            .GroupBy(item => (item.Topic.PubsubName, item.Topic.Name))
            .Select(group => Build(group.Key.PubsubName, group.Key.Name, [.. group])),
    ];

    static IEnumerable<TopicOptions> TopicsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.OfType<TopicOptions>().Concat(endpoint.Metadata.OfType<TopicAttribute>().Select(attribute => attribute.ToOptions()));

    static string PathOf(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.Parameters.Count == 0
            ? "/" + endpoint.RoutePattern.RawText?.TrimStart('/')
            : throw new InvalidOperationException($"The endpoint '{endpoint.RoutePattern.RawText}' has a topic and route parameters; the sidecar cannot fill them in.");

    static Subscription Build(string pubsubName, string topic, List<(TopicOptions Topic, string Path)> items)
    {
        var defaults = items.Where(item => item.Topic.Match is null).Select(item => item.Path).Distinct().ToList();
        if (defaults.Count > 1)
        {
            throw new InvalidOperationException($"Topic '{topic}' of '{pubsubName}' goes to {string.Join(" and ", defaults)}; give all but one of them a Match.");
        }

        var rules = items.Where(item => item.Topic.Match is not null).OrderBy(item => item.Topic.Priority).Select(item => new Rule(item.Topic.Match!, item.Path));
        var metadata = items.SelectMany(item => item.Topic.Metadata).Concat(RawPayload(items)).GroupBy(m => m.Key).ToDictionary(g => g.Key, g => g.First().Value);
        var bulk = items.Select(item => item.Topic.BulkSubscribe).FirstOrDefault(options => options is not null);
        return new Subscription(
            pubsubName,
            topic,
            items.Select(item => item.Topic.DeadLetterTopic).FirstOrDefault(name => name is not null),
            metadata.Count == 0 ? null : metadata,
            new Routes([.. rules], defaults.FirstOrDefault()),
            bulk is null ? null : new Bulk(true, bulk.MaxMessagesCount, bulk.MaxAwaitDurationMs));
    }

    static IEnumerable<KeyValuePair<string, string>> RawPayload(List<(TopicOptions Topic, string Path)> items) =>
        items.Exists(item => item.Topic.EnableRawPayload) ? [new("rawPayload", "true")] : [];

    public sealed record Subscription(
        [property: JsonPropertyName("pubsubname")] string PubsubName,
        string Topic,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DeadLetterTopic,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Dictionary<string, string>? Metadata,
        Routes Routes,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Bulk? BulkSubscribe);

    public sealed record Routes(List<Rule> Rules, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Default);

    public sealed record Rule(string Match, string Path);

    public sealed record Bulk(bool Enabled, int MaxMessagesCount, int MaxAwaitDurationMs);
}
