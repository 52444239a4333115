using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Jackpot.Contracts.Views;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace Jackpot.Shard.Admin;

/// <summary>What all admin endpoints do alike: read a body, tell a verdict.</summary>
internal static class AdminRequests
{
    const int BodyBytesMax = 64 * 1024;
    const int WhyCharsMax = 1_000;

    public static string Route(HttpContext http, string name) => http.Request.RouteValues[name] as string ?? "";

    /// <summary>The body, or null after the refusal was written.</summary>
    public static ValueTask<T?> BodyAsync<T>(HttpContext http, JsonTypeInfo<T> json) where T : class =>
        StrictBody.ReadAsync(http, BodyBytesMax, bytes => JsonSerializer.Deserialize(bytes.Span, json));

    /// <summary>A given reason, or null after the refusal was written.</summary>
    public static async Task<string?> WhyAsync(HttpContext http, string? why)
    {
        if (why is not null && why.Trim() is { Length: > 0 and <= WhyCharsMax } reason)
        {
            return reason;
        }

        await Problem.WriteAsync(http, Refusal.FieldMissing, $"'why' must give the reason in 1 to {WhyCharsMax} characters; the audit log keeps it");
        return null;
    }

    /// <summary>The reason in a body <c>{"why": "…"}</c>, or null after the refusal was written.</summary>
    public static async Task<string?> WhyOfBodyAsync(HttpContext http) =>
        await BodyAsync(http, AdminJson.Default.WhyBody) is { } body ? await WhyAsync(http, body.Why) : null;

    /// <summary>The reason, empty when there is no body; null after the refusal was written.</summary>
    public static async Task<string?> OptionalWhyAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return "";
        }

        return await BodyAsync(http, AdminJson.Default.WhyBody) is not { } body ? null
            : string.IsNullOrWhiteSpace(body.Why) ? ""
            : await WhyAsync(http, body.Why);
    }

    public static Task RefuseAsync(HttpContext http, Refused refused) => Problem.WriteAsync(http, refused.Refusal, refused.Detail);

    /// <summary>Writes the refusal and answers false, or answers true and leaves the result to the caller.</summary>
    public static async Task<bool> TakenAsync<T>(HttpContext http, Verdict<T> verdict) where T : class
    {
        if (verdict.Refusal == Refusal.None)
        {
            return true;
        }

        await Problem.WriteAsync(http, verdict.Refusal, verdict.Detail);
        return false;
    }

    public static async Task WriteAsync<T>(HttpContext http, int status, T view, JsonTypeInfo<T> json, string? location = null)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = MediaTypeNames.Application.Json;
        if (location is not null)
        {
            http.Response.Headers.Location = location;
        }

        await JsonSerializer.SerializeAsync(http.Response.Body, view, json, http.RequestAborted);
    }
}
