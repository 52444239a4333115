using System.Runtime.InteropServices;
using System.Text.Json;
using Jackpot.Dapr.Subscriptions;
using Jackpot.Shard.Contributions;

namespace Jackpot.Shard.Streams;

/// <summary>One bet of a delivery and what becomes of it.</summary>
internal sealed class StreamedBet
{
    public required string EntryId { get; init; }

    public required string EventId { get; init; }

    /// <summary>What the publisher sent.</summary>
    public JsonElement Data { get; private init; }

    /// <summary>Null when the event cannot be read as a contribution.</summary>
    public ContributionRequest? Request { get; private init; }

    /// <summary>Why it is refused for good.</summary>
    public RefusedContribution? Refused { get; set; }

    public BulkSubscribeAppResponseStatus? Status { get; private set; }

    public string Outcome { get; private set; } = "";

    public void End(BulkSubscribeAppResponseStatus status, string outcome) => (Status, Outcome) = (status, outcome);

    /// <summary>Reads an entry of a bulk delivery: a CloudEvent whose data is the body of a contribution.</summary>
    public static StreamedBet Read(JsonElement entry)
    {
        var isEvent = entry.TryGetProperty("event", out var cloudEvent) && cloudEvent.ValueKind == JsonValueKind.Object;
        var id = isEvent && cloudEvent.TryGetProperty("id", out var known) && known.ValueKind == JsonValueKind.String ? known.GetString()! : "";
        var data = isEvent && cloudEvent.TryGetProperty("data", out var body) && body.ValueKind == JsonValueKind.Object ? body : default;
        return new StreamedBet
        {
            EntryId = entry.GetProperty("entryId").GetString()!,
            EventId = id,
            Data = data,
            Request = data.ValueKind == JsonValueKind.Object ? ReadBody(data) : null,
        };
    }

    static ContributionRequest ReadBody(JsonElement data)
    {
        var json = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(data));
        json.Read();
        return ContributionReader.Read(ref json);
    }
}
