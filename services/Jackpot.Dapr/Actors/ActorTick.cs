using System.Text;
using System.Text.Json;
using Jackpot.Dapr.Client;
using Microsoft.AspNetCore.Http;

namespace Jackpot.Dapr.Actors;

/// <summary>What the sidecar sends when a reminder or a timer fires. <c>data</c> is whatever JSON it was registered with.</summary>
internal sealed record ActorTick(string Callback, byte[] Bytes, TimeSpan DueTime, TimeSpan Period)
{
    public static async Task<ActorTick> ReadAsync(HttpRequest request, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        try
        {
            var wire = await JsonSerializer.DeserializeAsync<Wire>(request.BodyReader, json, cancellationToken) ?? new Wire(null, null, null, null);
            return new ActorTick(wire.Callback ?? "", BytesOf(wire.Data), DaprDuration.Parse(wire.DueTime), DaprDuration.Parse(wire.Period));
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or OverflowException or InvalidOperationException)
        {
            throw new BadHttpRequestException($"The body is no tick of a timer or reminder: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>This library and the .NET SDK send bytes as a base64 string; what others registered is handed over as JSON text.</summary>
    static byte[] BytesOf(JsonElement? data) => data switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => [],
        { ValueKind: JsonValueKind.String } text when text.TryGetBytesFromBase64(out var bytes) => bytes,
        { } other => Encoding.UTF8.GetBytes(other.GetRawText()),
    };

    sealed record Wire(string? Callback, JsonElement? Data, string? DueTime, string? Period);
}
