using System.Buffers;
using System.Text.Json;

namespace Jackpot.Streams.Deliveries;

/// <summary>
/// How a region's gateway hands a shard the events of the bet stream that are its: in the form in which Dapr delivers in bulk, and answered in the
/// form in which Dapr is answered, so that a shard reads what its gateway sends and what waited for it on a topic with the same code.
/// </summary>
public static class ShardDelivery
{
    /// <summary>Of the shard, and not among the paths that a gateway lets through from outside.</summary>
    public const string Path = "/internal/bets";

    /// <summary>In an answer: what is published on the shard's waiting topic has been seen to reach it.</summary>
    public const string WaitingTopicHeader = "X-Waiting-Topic";

    /// <summary>Largest event that is handed on; the body of a bet is far smaller.</summary>
    public const int EventBytesMax = 64 * 1024;

    /// <summary>Largest delivery that is read.</summary>
    public const int BytesMax = 32 * 1024 * 1024;

    /// <summary>What an entry costs besides its data.</summary>
    const int EnvelopeBytesTypical = 160;

    /// <summary>Writes the events, each named by its place.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<HandedEvent> events)
    {
        var buffer = new ArrayBufferWriter<byte>(events.Sum(one => one.Data.Length + EnvelopeBytesTypical) + EnvelopeBytesTypical);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("entries"u8);
            for (var i = 0; i < events.Count; i++)
            {
                json.WriteStartObject();
                json.WriteString("entryId"u8, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
                json.WriteStartObject("event"u8);
                json.WriteString("specversion"u8, "1.0"u8);
                json.WriteString("id"u8, events[i].Id);
                json.WriteString("type"u8, events[i].Type);
                json.WritePropertyName("data"u8);
                json.WriteRawValue(events[i].Data.Span, skipInputValidation: true);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Reads the answers by place; what has none has not been taken.</summary>
    /// <exception cref="JsonException">It is no answer.</exception>
    public static EntryStatus[] ReadAnswer(ReadOnlyMemory<byte> body, int count)
    {
        var statuses = new EntryStatus[count];
        using var answer = JsonDocument.Parse(body);
        if (!answer.RootElement.TryGetProperty("statuses", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("an answer has 'statuses'");
        }

        foreach (var entry in list.EnumerateArray())
        {
            if (int.TryParse(entry.GetProperty("entryId").GetString(), out var at) && at >= 0 && at < count)
            {
                statuses[at] = entry.GetProperty("status").GetString() switch { "SUCCESS" => EntryStatus.Done, "DROP" => EntryStatus.Drop, _ => EntryStatus.Retry };
            }
        }

        return statuses;
    }
}

/// <summary>An event on its way to a shard.</summary>
/// <param name="Id">Of the event that came, for logs.</param>
/// <param name="Type">See <see cref="Contracts.Events.BetEvents"/>.</param>
/// <param name="Data">JSON that has passed <see cref="ServiceDefaults.Json.StrictJson"/>.</param>
public sealed record HandedEvent(string Id, string Type, ReadOnlyMemory<byte> Data);

/// <summary>What became of an entry; not taken unless somebody says otherwise.</summary>
public enum EntryStatus
{
    Retry,
    Done,
    Drop,
}
