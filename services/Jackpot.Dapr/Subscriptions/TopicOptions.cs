namespace Jackpot.Dapr.Subscriptions;

/// <summary>One subscription of an endpoint.</summary>
public sealed record TopicOptions
{
    /// <summary>The pub/sub component.</summary>
    public required string PubsubName { get; init; }

    /// <summary>The topic.</summary>
    public required string Name { get; init; }

    /// <summary>Takes what was dropped or could not be handled. Without it such messages are at the mercy of the broker.</summary>
    public string? DeadLetterTopic { get; init; }

    /// <summary>A CEL expression on the event, for instance <c>event.type == "v2"</c>; null takes what no other rule of the topic takes.</summary>
    public string? Match { get; init; }

    /// <summary>Rules of one topic are tried in rising order.</summary>
    public int Priority { get; init; }

    /// <summary>True when messages come without an envelope; the sidecar then makes one with the bytes in <c>data_base64</c>.</summary>
    public bool EnableRawPayload { get; init; }

    /// <summary>Broker-specific settings of the subscription.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Set to get several messages in one call.</summary>
    public BulkSubscribeOptions? BulkSubscribe { get; init; }
}

/// <summary>Limits of one bulk delivery.</summary>
/// <param name="MaxMessagesCount">Messages at most.</param>
/// <param name="MaxAwaitDurationMs">Wait for further messages at most, in milliseconds.</param>
public sealed record BulkSubscribeOptions(int MaxMessagesCount = 100, int MaxAwaitDurationMs = 1000);

/// <summary>Subscribes an endpoint to a topic; the same as <see cref="TopicEndpoints.WithTopic{T}(T, string, string)"/>.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class TopicAttribute(string pubsubName, string name) : Attribute
{
    /// <summary>The pub/sub component.</summary>
    public string PubsubName { get; } = pubsubName;

    /// <summary>The topic.</summary>
    public string Name { get; } = name;

    /// <summary>Takes what was dropped or could not be handled.</summary>
    public string? DeadLetterTopic { get; set; }

    /// <summary>A CEL expression on the event.</summary>
    public new string? Match { get; set; }

    /// <summary>Rules of one topic are tried in rising order.</summary>
    public int Priority { get; set; }

    /// <summary>True when messages come without an envelope.</summary>
    public bool EnableRawPayload { get; set; }

    internal TopicOptions ToOptions() => new()
    {
        PubsubName = PubsubName,
        Name = Name,
        DeadLetterTopic = DeadLetterTopic,
        Match = Match,
        Priority = Priority,
        EnableRawPayload = EnableRawPayload,
    };
}
