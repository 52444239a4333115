using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Jackpot.Shard.Requests;

/// <summary>Reads small JSON bodies and writes small JSON answers, for endpoints that are not in anybody's way.</summary>
internal static class JsonBody
{
    /// <summary>Largest body of these endpoints.</summary>
    public const int BytesMax = 16 * 1024;

    /// <summary>The body, or null after the refusal was written.</summary>
    public static ValueTask<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> json) where T : class =>
        StrictBody.ReadAsync(http, BytesMax, bytes => JsonSerializer.Deserialize(bytes.Span, json));

    public static async Task WriteAsync<T>(HttpContext http, T body, JsonTypeInfo<T> json)
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, json), http.RequestAborted);
    }
}
