using System.Runtime.InteropServices;
using System.Text.Json;
using Dapr.AspNetCore;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Streams;

/// <summary>One bet of a delivery and what becomes of it.</summary>
internal sealed class StreamedBet
{
    public required string EntryId { get; init; }

    public required string EventId { get; init; }

    /// <summary>What the publisher sent.</summary>
    public JsonElement Data { get; private init; }

    /// <summary>The whole event, of one that cannot be read.</summary>
    public ReadOnlyMemory<byte> Raw { get; private init; }

    /// <summary>Null when the event cannot be read as a contribution.</summary>
    public ContributionRequest? Request { get; private init; }

    /// <summary>Why it cannot be read.</summary>
    public string Unreadable { get; private init; } = "";

    /// <summary>Why it is refused for good.</summary>
    public RefusedContribution? Refused { get; set; }

    public BulkSubscribeAppResponseStatus? Status { get; private set; }

    public string Outcome { get; private set; } = "";

    public void End(BulkSubscribeAppResponseStatus status, string outcome) => (Status, Outcome) = (status, outcome);

    public static StreamedBet Not(string entryId, string why, ReadOnlySpan<byte> raw) => new() { EntryId = entryId, EventId = "", Unreadable = why, Raw = raw.ToArray() };

    /// <summary>Reads the event of an entry, which has passed <see cref="StrictJson"/>: a CloudEvent whose data is the body of a contribution.</summary>
    public static StreamedBet Read(string entryId, ReadOnlySpan<byte> cloudEvent)
    {
        var envelope = JsonElement.Parse(cloudEvent);
        var isEvent = envelope.ValueKind == JsonValueKind.Object;
        var id = isEvent && envelope.TryGetProperty("id", out var known) && known.ValueKind == JsonValueKind.String ? known.GetString()! : "";
        var data = isEvent && envelope.TryGetProperty("data", out var body) && body.ValueKind == JsonValueKind.Object ? body : default;
        var isBody = data.ValueKind == JsonValueKind.Object;
        return new StreamedBet
        {
            EntryId = entryId,
            EventId = id,
            Data = data,
            Raw = isBody ? default : cloudEvent.ToArray(),
            Request = isBody ? ReadBody(data) : null,
            Unreadable = isBody ? "" : "it has no 'data' that is a JSON object",
        };
    }

    static ContributionRequest ReadBody(JsonElement data)
    {
        var json = StrictJson.ReaderOf(JsonMarshal.GetRawUtf8Value(data));
        json.Read();
        return ContributionReader.Read(ref json);
    }
}
