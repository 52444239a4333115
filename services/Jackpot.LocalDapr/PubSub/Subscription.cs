namespace Jackpot.LocalDapr.PubSub;

/// <summary>Batching of a bulk subscription; defaults 100 messages, 1000 ms.</summary>
sealed record BulkSubscribe(int MessagesMax, TimeSpan AwaitMax);

/// <summary>One path of a subscription, taken when the expression holds; null expression = always.</summary>
sealed record RouteRule(EventExpression? Match, string Path);

/// <summary>A topic that an app wants delivered. Rules are tried in order; no rule that matches = the message is dropped.</summary>
sealed record Subscription(
    string PubSubName,
    string Topic,
    IReadOnlyList<RouteRule> Rules,
    string? DeadLetterTopic,
    IReadOnlyDictionary<string, string> Metadata,
    BulkSubscribe? Bulk,
    string Kind)
{
    public bool IsRaw => Metadata.TryGetValue("rawPayload", out var raw) && raw.Equals("true", StringComparison.OrdinalIgnoreCase);
}
