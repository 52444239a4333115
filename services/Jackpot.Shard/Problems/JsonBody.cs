using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Jackpot.Shard.Contributions;

namespace Jackpot.Shard.Problems;

/// <summary>Reads small JSON bodies and writes small JSON answers, for doors that are not in anybody's way.</summary>
internal static class JsonBody
{
    /// <summary>Largest body of these doors.</summary>
    public const int BytesMax = 16 * 1024;

    /// <summary>The body, or null after the refusal was written.</summary>
    public static async ValueTask<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> json) where T : class
    {
        try
        {
            var (fits, body) = await RequestBody.ParseAsync(http.Request, BytesMax, bytes => JsonSerializer.Deserialize(bytes.Span, json));
            if (!fits)
            {
                await Problem.WriteAsync(http, Refusal.BodyTooLarge, $"at most {BytesMax} bytes are taken");
            }
            else if (body is null)
            {
                await Problem.WriteAsync(http, Refusal.MalformedJson, "a JSON object is expected, not null");
            }

            return body;
        }
        catch (JsonException e)
        {
            await Problem.WriteAsync(http, Refusal.MalformedJson, $"{e.Path}: not the JSON that is expected here (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}); see /openapi/v1.json");
            return null;
        }
    }

    public static async Task WriteAsync<T>(HttpContext http, T body, JsonTypeInfo<T> json)
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, json), http.RequestAborted);
    }
}
