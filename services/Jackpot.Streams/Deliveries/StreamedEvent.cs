namespace Jackpot.Streams.Deliveries;

/// <summary>One event of a delivery: what its publisher said, whichever way it was wrapped.</summary>
public sealed class StreamedEvent
{
    /// <summary>Names the entry in the answer to the sidecar.</summary>
    public required string EntryId { get; init; }

    /// <summary>What its envelope says; empty where it says nothing. Dapr makes a new id for every publish, so that it names nothing that money depends on.</summary>
    public EventAttributes Attributes { get; init; }

    /// <summary>What the publisher sent, a JSON object that has passed <see cref="ServiceDefaults.Json.StrictJson"/>; empty when it cannot be read.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Why it cannot be read; null when it can.</summary>
    public string? Unreadable { get; init; }

    /// <summary>What was published of an unreadable event, without the envelope that Dapr makes anew at each publish; all of it where no data can be found in it.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }

    internal static StreamedEvent NotReadable(string entryId, string why, ReadOnlySpan<byte> raw, EventAttributes attributes = default) =>
        new() { EntryId = entryId, Unreadable = why, Raw = raw.ToArray(), Attributes = attributes };
}
