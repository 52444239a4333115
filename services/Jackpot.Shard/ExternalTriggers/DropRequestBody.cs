using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.ExternalTriggers;

/// <summary>Reads the bodies of triggers and draws: what is no JSON is refused otherwise than what is JSON of another shape.</summary>
internal static class DropRequestBody
{
    /// <summary>The body, or null after the refusal was written.</summary>
    public static async ValueTask<T?> ReadAsync<T>(HttpContext http, int bytesMax, JsonTypeInfo<T> shape) where T : class
    {
        var parsed = await StrictBody.ReadAsync(http, bytesMax, bytes => new Parsed(JsonElement.Parse(bytes.Span)));
        return parsed is null ? null : await ShapedAsync(http, parsed.Json, shape);
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

    public static Task WriteAsync(HttpContext http, DropOutcome outcome)
    {
        if (outcome is not DropOutcome.Answered answered)
        {
            var refused = (DropOutcome.Refused)outcome;
            return Problem.WriteAsync(http, refused.Refusal, refused.Detail, reason: refused.Reason);
        }

        if (answered.Replayed)
        {
            http.Response.Headers[ContributionEndpoints.ReplayedHeader] = "true";
        }

        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(answered.Json, http.RequestAborted);
    }

    sealed record Parsed(JsonElement Json);
}
