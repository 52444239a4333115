using System.Text.Json;

namespace Jackpot.Shard.Requests;

/// <summary>A CloudEvent that was delivered alone. Only what a handler needs is read; whatever else the envelope says cannot make it unreadable.</summary>
internal sealed record DeliveredEvent(string Id, JsonElement Data)
{
    /// <summary>The platform's own events are far smaller.</summary>
    const int BytesMax = 256 * 1024;

    /// <summary>Null when it is none: such an event does not become one by coming again.</summary>
    public static async ValueTask<DeliveredEvent?> ReadAsync(HttpContext http)
    {
        try
        {
            return (await RequestBody.ParseAsync(http.Request, BytesMax, Read)).Value;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static DeliveredEvent? Read(ReadOnlyMemory<byte> body)
    {
        StrictJson.Require(body.Span);
        var envelope = JsonElement.Parse(body.Span);
        return envelope.ValueKind == JsonValueKind.Object && envelope.TryGetProperty("data", out var data)
            ? new DeliveredEvent(envelope.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString()! : "", data)
            : null;
    }
}
