using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Who publishes what where.</summary>
sealed record EventSource(string AppId, string PubSubName, string Topic, string TraceParent, string TraceState);

/// <summary>Builds the envelope that Dapr puts around published data.</summary>
static class CloudEvent
{
    public const string ContentType = "application/cloudevents+json";
    const int DepthMax = 10_000;
    const string OverridePrefix = "cloudevent.";

    /// <summary>Room for the envelope's own fields; more is made when it is not enough.</summary>
    const int EnvelopeBytesTypical = 640;

    /// <summary>Wraps the data, or completes an event that came as one.</summary>
    /// <exception cref="JsonException">The content type says cloud event, the body is none.</exception>
    public static byte[] Wrap(ReadOnlyMemory<byte> data, string contentType, EventSource source, IReadOnlyDictionary<string, string> metadata)
    {
        var fields = Defaults(source);
        foreach (var (name, value) in metadata)
        {
            if (name.StartsWith(OverridePrefix, StringComparison.OrdinalIgnoreCase))
            {
                fields[name[OverridePrefix.Length..].ToLowerInvariant()] = value;
            }
        }
        if (TimeToLive.SecondsOf(metadata) is { } seconds)
        {
            fields["expiration"] = DateTime.UtcNow.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }
        return IsCloudEvent(contentType) ? Complete(data, fields) : Envelope(data, contentType, fields);
    }

    /// <summary>What a subscriber with rawPayload gets around bytes that came without an envelope.</summary>
    public static byte[] WrapRaw(ReadOnlyMemory<byte> data, string pubSubName, string topic) => Write(data.Length * 4 / 3, writer =>
    {
        writer.WriteString("id", Guid.NewGuid().ToString());
        writer.WriteString("specversion", "1.0");
        writer.WriteString("type", "com.dapr.event.sent");
        writer.WriteString("source", "Dapr");
        writer.WriteString("datacontenttype", "application/octet-stream");
        writer.WriteString("topic", topic);
        writer.WriteString("pubsubname", pubSubName);
        writer.WriteBase64String("data_base64", data.Span);
    });

    public static bool IsJson(string contentType)
    {
        var type = MediaType(contentType);
        return type is "application/json" || type.EndsWith("+json", StringComparison.Ordinal);
    }

    static bool IsCloudEvent(string contentType) => MediaType(contentType) is ContentType;

    static bool IsBinary(string contentType) => MediaType(contentType) is "application/octet-stream";

    static string MediaType(string contentType) => contentType.Split(';')[0].Trim().ToLowerInvariant();

    static Dictionary<string, string> Defaults(EventSource source) => new(StringComparer.Ordinal)
    {
        ["id"] = Guid.NewGuid().ToString(),
        ["specversion"] = "1.0",
        ["source"] = source.AppId,
        ["type"] = "com.dapr.event.sent",
        ["topic"] = source.Topic,
        ["pubsubname"] = source.PubSubName,
        ["traceid"] = source.TraceParent,
        ["traceparent"] = source.TraceParent,
        ["tracestate"] = source.TraceState,
        ["time"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    static byte[] Envelope(ReadOnlyMemory<byte> data, string contentType, Dictionary<string, string> fields) => Write(data.Length, writer =>
    {
        foreach (var (name, value) in fields)
        {
            writer.WriteString(name, value);
        }
        writer.WriteString("datacontenttype", contentType);
        if (IsJson(contentType) && IsReadable(data.Span))
        {
            writer.WritePropertyName("data");
            writer.WriteRawValue(data.Span, skipInputValidation: true);
        }
        else if (IsBinary(contentType))
        {
            writer.WriteBase64String("data_base64", data.Span);
        }
        else
        {
            writer.WriteString("data", Encoding.UTF8.GetString(data.Span));
        }
    });

    static byte[] Complete(ReadOnlyMemory<byte> data, Dictionary<string, string> fields)
    {
        using var given = JsonDocument.Parse(data);
        if (given.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("a cloud event is a JSON object");
        }
        return Write(data.Length, writer =>
        {
            foreach (var field in given.RootElement.EnumerateObject().Where(field => field.Name is not ("topic" or "pubsubname")))
            {
                field.WriteTo(writer);
                fields.Remove(field.Name);
            }
            foreach (var (name, value) in fields)
            {
                writer.WriteString(name, value);
            }
        });
    }

    /// <summary>Whether these bytes are one JSON value, as deep as real Dapr's decoder goes.</summary>
    public static bool IsReadable(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
            while (reader.Read())
            {
            }
            return !json.IsEmpty;
        }
        catch (JsonException)
        {
            // Dapr then carries the bytes as a string.
            return false;
        }
    }

    static byte[] Write(int dataBytes, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(dataBytes + EnvelopeBytesTypical);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
