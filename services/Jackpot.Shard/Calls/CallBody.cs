using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Calls;

/// <summary>Reads the bodies of calls: what is no JSON is told from what is JSON of another shape.</summary>
internal static class CallBody
{
    /// <summary>The body, or null after the refusal was written.</summary>
    public static async ValueTask<T?> ReadAsync<T>(HttpContext http, int bytesMax, JsonTypeInfo<T> shape) where T : class
    {
        try
        {
            var (fits, json) = await RequestBody.ParseAsync(http.Request, bytesMax, bytes => JsonElement.Parse(bytes.Span));
            if (!fits)
            {
                await Problem.WriteAsync(http, Refusal.BodyTooLarge, $"at most {bytesMax} bytes are taken");
                return null;
            }

            if (await ShapedAsync(http, json, shape) is { } body)
            {
                return body;
            }
        }
        catch (JsonException e)
        {
            await Problem.WriteAsync(http, Refusal.MalformedJson, $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: not JSON");
        }

        return null;
    }

    static async ValueTask<T?> ShapedAsync<T>(HttpContext http, JsonElement json, JsonTypeInfo<T> shape) where T : class
    {
        string where;
        try
        {
            if (json.ValueKind == JsonValueKind.Object)
            {
                return json.Deserialize(shape);
            }

            where = "the body";
        }
        catch (JsonException e)
        {
            where = $"'{e.Path}'";
        }

        await Problem.WriteAsync(http, Refusal.FieldInvalid, $"{where} has another JSON type than expected; see /openapi/v1.json");
        return null;
    }

    public static Task WriteAsync(HttpContext http, CallOutcome outcome)
    {
        if (outcome is not CallOutcome.Answered answered)
        {
            var refused = (CallOutcome.Refused)outcome;
            return Problem.WriteAsync(http, refused.Refusal, refused.Detail, reason: refused.Reason);
        }

        if (answered.Replayed)
        {
            http.Response.Headers[ContributionEndpoints.ReplayedHeader] = "true";
        }

        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(answered.Json, http.RequestAborted);
    }
}
