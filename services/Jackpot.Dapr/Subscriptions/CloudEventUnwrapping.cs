using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Jackpot.Dapr.Subscriptions;

internal static class CloudEventUnwrapping
{
    public static async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.ContentType?.StartsWith("application/cloudevents+json", StringComparison.OrdinalIgnoreCase) != true)
        {
            await next(http);
            return;
        }

        byte[] payload;
        string? contentType;
        try
        {
            using var envelope = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            (payload, contentType) = Unwrap(envelope.RootElement);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            // A body that is no JSON will not become any by coming again, but that is for the policy and the dead letter topic to decide.
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        http.Request.Body = new MemoryStream(payload, writable: false);
        http.Request.ContentLength = payload.Length;
        http.Request.ContentType = contentType;
        await next(http);
    }

    static (byte[] Payload, string? ContentType) Unwrap(JsonElement envelope)
    {
        var declared = envelope.TryGetProperty("datacontenttype", out var type) ? type.GetString() : null;
        if (envelope.TryGetProperty("data_base64", out var base64))
        {
            return (base64.GetBytesFromBase64(), declared ?? "application/octet-stream");
        }

        if (!envelope.TryGetProperty("data", out var data))
        {
            return ([], declared);
        }

        var isText = data.ValueKind == JsonValueKind.String && declared?.Contains("json", StringComparison.OrdinalIgnoreCase) == false;
        return isText
            ? (Encoding.UTF8.GetBytes(data.GetString()!), declared)
            : (Encoding.UTF8.GetBytes(data.GetRawText()), declared ?? "application/json");
    }
}
