using System.Text.Json.Serialization;

namespace Jackpot.Dapr.Subscriptions;

/// <summary>Several messages in one delivery; the body of an endpoint subscribed with <see cref="TopicOptions.BulkSubscribe"/>.</summary>
/// <typeparam name="TEvent">The entry's event: a <see cref="CloudEvent{TData}"/> or the payload, as the publisher sent it.</typeparam>
public sealed record BulkSubscribeMessage<TEvent>
{
    /// <summary>Id of the delivery.</summary>
    public string Id { get; init; } = "";

    /// <summary>The topic.</summary>
    public string Topic { get; init; } = "";

    /// <summary>The pub/sub component.</summary>
    public string Pubsub { get; init; } = "";

    /// <summary>The messages.</summary>
    public IReadOnlyList<BulkSubscribeEntry<TEvent>> Entries { get; init; } = [];
}

/// <summary>One message of a bulk delivery.</summary>
public sealed record BulkSubscribeEntry<TEvent>(string EntryId, TEvent Event, string? ContentType, IReadOnlyDictionary<string, string>? Metadata);

/// <summary>The answer to a bulk delivery. An entry that is not named is retried.</summary>
/// <param name="Statuses">One per entry.</param>
public sealed record BulkSubscribeAppResponse(IReadOnlyList<BulkSubscribeAppResponseEntry> Statuses);

/// <summary>What became of one entry.</summary>
public sealed record BulkSubscribeAppResponseEntry(
    string EntryId,
    [property: JsonConverter(typeof(JsonStringEnumConverter<BulkSubscribeAppResponseStatus>))] BulkSubscribeAppResponseStatus Status);

/// <summary>What the sidecar does with an entry; the names travel as they are.</summary>
#pragma warning disable CA1707, CA1720 // The wire wants these very words.
public enum BulkSubscribeAppResponseStatus
{
    /// <summary>Done.</summary>
    SUCCESS,

    /// <summary>Shall come again.</summary>
    RETRY,

    /// <summary>Can never be handled.</summary>
    DROP,
}
#pragma warning restore CA1707, CA1720
