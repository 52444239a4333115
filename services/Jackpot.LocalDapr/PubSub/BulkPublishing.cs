using System.Text;
using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Bulk publish: entries with ids of their own; a failure names the entries that failed.</summary>
static class BulkPublishing
{
    public static async Task PublishAsync(HttpContext http, Sidecar sidecar, PubSubEntry pubSub, string topic)
    {
        List<(string Id, OutgoingMessage Message)> entries;
        try
        {
            using var body = await PooledBody.ReadAsync(http.Request);
            using var document = JsonDocument.Parse(body.Memory);
            entries = Read(document.RootElement, RequestMetadata.Of(http.Request), PublishEndpoints.SourceOf(http, sidecar, pubSub, topic));
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException)
        {
            await http.Error(400, "ERR_PUBSUB_EVENTS_SER", $"error when unmarshaling the request for topic {topic} pubsub {pubSub.Name}: {unreadable.Message}");
            return;
        }
        try
        {
            await EventPublisher.SendAsync(sidecar, pubSub, topic, [.. entries.Select(entry => entry.Message)], http.RequestAborted);
            await http.NoContent();
        }
        catch (Exception failed) when (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Json(500, writer => WriteFailure(writer, entries.Select(entry => entry.Id), failed.Message));
        }
    }

    static List<(string, OutgoingMessage)> Read(JsonElement root, IReadOnlyDictionary<string, string> requestMetadata, EventSource source)
    {
        if (root.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("the body must be an array of entries");
        }
        var ids = new HashSet<string>();
        var entries = new List<(string, OutgoingMessage)>();
        foreach (var entry in root.EnumerateArray())
        {
            var id = IdOf(entry);
            if (id.Length == 0 || !ids.Add(id))
            {
                throw new FormatException("entryId is duplicated or not present for entry");
            }
            entries.Add((id, MessageOf(entry, requestMetadata, source)));
        }
        return entries;
    }

    static string IdOf(JsonElement entry) => entry.TryField("entryId", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString()! : "";

    static OutgoingMessage MessageOf(JsonElement entry, IReadOnlyDictionary<string, string> requestMetadata, EventSource source)
    {
        var metadata = new Dictionary<string, string>(requestMetadata, StringComparer.OrdinalIgnoreCase);
        if (entry.TryField("metadata", out var own) && own.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in own.EnumerateObject())
            {
                metadata[field.Name] = field.Value.ToString();
            }
        }
        var contentType = entry.TryField("contentType", out var type) && type.GetString() is { Length: > 0 } text ? text : "text/plain";
        return EventPublisher.MessageOf(DataOf(entry, contentType), contentType, source, metadata);
    }

    static byte[] DataOf(JsonElement entry, string contentType)
    {
        if (!entry.TryField("event", out var data))
        {
            throw new FormatException("an entry has no event");
        }
        if (CloudEvent.IsJson(contentType))
        {
            return Encoding.UTF8.GetBytes(data.GetRawText());
        }
        var text = data.ValueKind == JsonValueKind.String ? data.GetString()! : data.GetRawText();
        return contentType.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase) ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text);
    }

    static void WriteFailure(Utf8JsonWriter writer, IEnumerable<string> ids, string error)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("failedEntries");
        foreach (var id in ids)
        {
            writer.WriteStartObject();
            writer.WriteString("entryId", id);
            writer.WriteString("error", error);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteString("errorCode", "ERR_PUBSUB_PUBLISH_MESSAGE");
        writer.WriteEndObject();
    }
}
