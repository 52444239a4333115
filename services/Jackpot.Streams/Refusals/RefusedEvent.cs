using System.Buffers;
using System.Text.Json;

namespace Jackpot.Streams.Refusals;

/// <summary>Why an event never became a contribution.</summary>
public enum EventRefusal
{
    /// <summary>Nothing can be read out of it.</summary>
    Unreadable,

    /// <summary>No tenant of the name it gives is known in any region.</summary>
    TenantUnknown,

    /// <summary>Its tenant lives in another region.</summary>
    TenantElsewhere,

    /// <summary>Neither known nor ignored: it is never taken for a stake.</summary>
    TypeUnknown,

    /// <summary>A feed knows its type, but cannot make of it what its type says.</summary>
    NotMapped,
}

/// <summary>An event that a gateway refuses, on its way to the shard that keeps it; the data of <see cref="Contracts.Events.BetEvents.Refused"/>.</summary>
/// <param name="Why">The reason, for programs.</param>
/// <param name="Detail">The reason, for people; no personal data.</param>
/// <param name="Body">The event as it was published or delivered.</param>
public sealed record RefusedEvent(EventRefusal Why, string Detail, EventBody Body)
{
    /// <summary>As JSON.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(Body.Bytes.Length * 4 / 3 + Detail.Length + 64);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("why"u8, Why.ToString());
            json.WriteString("detail"u8, Detail);
            Body.Write(json, "event");
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads it back; null when it is not what <see cref="ToJson"/> writes.</summary>
    public static RefusedEvent? Read(ReadOnlySpan<byte> utf8)
    {
        var data = JsonElement.Parse(utf8);
        return data.TryGetProperty("why", out var why) && why.ValueKind == JsonValueKind.String && Enum.TryParse<EventRefusal>(why.GetString(), out var reason) && Enum.IsDefined(reason)
            && data.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String && EventBody.Read(data, "event") is { } body
            ? new RefusedEvent(reason, detail.GetString()!, body)
            : null;
    }
}
