using System.Text.Json;
using Jackpot.ServiceDefaults.Json;

namespace Jackpot.Streams.Deliveries;

/// <summary>
/// Reads a bulk delivery entry by entry, so that an entry that cannot be read costs nobody else anything. Should the delivery itself break off
/// in the middle, the whole entries before are read; one that has no answer is sent again.
/// </summary>
public static class Delivery
{
    /// <summary>Far above what is asked for at the sidecar; what is more comes again.</summary>
    public const int EntriesMax = 1_000;

    const string NoEvent = "it has no 'event', or two";

    /// <exception cref="JsonException">Not one whole entry can be read.</exception>
    public static List<StreamedEvent> Read(ReadOnlyMemory<byte> body)
    {
        var bytes = body.Span;
        var json = StrictJson.ReaderOf(bytes);
        var events = new List<StreamedEvent>();
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("a delivery is a JSON object");
            }

            var hasEntries = false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                hasEntries |= ReadEntries(bytes, ref json, events);
            }

            return hasEntries ? events : throw new JsonException("a delivery has a list of 'entries'");
        }
        catch (JsonException) when (events.Count > 0)
        {
            return events;
        }
    }

    static bool ReadEntries(ReadOnlySpan<byte> bytes, ref Utf8JsonReader json, List<StreamedEvent> events)
    {
        var isEntries = IsNamed(json, "entries"u8);
        json.Read();
        if (!isEntries || json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return false;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (events.Count == EntriesMax)
            {
                throw new JsonException($"a delivery has at most {EntriesMax} entries");
            }

            if (json.TokenType == JsonTokenType.StartObject)
            {
                ReadEntry(bytes, ref json, events);
            }
            else
            {
                json.Skip();
            }
        }

        return true;
    }

    /// <summary>An entry without an id has nothing that an answer could name, so it gets none and the sidecar sends it again as its policy says.</summary>
    static void ReadEntry(ReadOnlySpan<byte> bytes, ref Utf8JsonReader json, List<StreamedEvent> into)
    {
        string? id = null;
        var entryStart = (int)json.TokenStartIndex;
        var (fault, start, end, events) = (default(JsonFault), 0, 0, 0);
        var headers = default(EventAttributes);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isId, isEvent, isHeaders) = (IsNamed(json, "entryId"u8), IsNamed(json, "event"u8), IsNamed(json, "metadata"u8));
            json.Read();
            if (isEvent)
            {
                events++;
                start = (int)json.TokenStartIndex;
                fault = StrictJson.Walk(bytes, ref json);
                end = (int)json.BytesConsumed;
            }
            else if (isId && json.TokenType == JsonTokenType.String && StrictJson.TextFault(json) is JsonFaultKind.None or JsonFaultKind.Nul)
            {
                id = json.GetString();
            }
            else if (isHeaders && json.TokenType == JsonTokenType.StartObject)
            {
                headers = EventAttributes.OfHeaders(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        if (id is null)
        {
            return;
        }

        into.Add(events != 1 ? StreamedEvent.NotReadable(id, NoEvent, bytes[entryStart..(int)json.BytesConsumed])
            : fault.IsFault ? StreamedEvent.NotReadable(id, fault.Detail, EventReader.DataIn(bytes[start..end]) is { IsEmpty: false } data ? data : bytes[start..end])
            : EventReader.Read(id, bytes[start..end], headers));
    }

    static bool IsNamed(in Utf8JsonReader json, ReadOnlySpan<byte> name) =>
        StrictJson.TextFault(json) == JsonFaultKind.None && json.ValueTextEquals(name);
}
