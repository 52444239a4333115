using System.Text.Json.Serialization;
using Jackpot.Gateway.Regions;
using Jackpot.Gateway.Requests;
using Yarp.ReverseProxy.Forwarder;

namespace Jackpot.Gateway.Problems;

/// <summary>The gateway's own refusals as RFC 9457 problem details; every reason, its status and its type stand here.</summary>
sealed record GatewayProblem(
    string Type, string Title, int Status, string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RegionUrl = null)
{
    const string TypePrefix = "urn:jackpot:problem:";
    const string RetryAfterSeconds = "1";

    internal static Task TenantMissingAsync(HttpContext http) => WriteAsync(http, 401, "tenant-missing", "No tenant",
        "The request names no tenant. Send exactly one X-Tenant-Id header.");

    internal static Task TenantUnknownAsync(HttpContext http) => WriteAsync(http, 404, "tenant-unknown", "Unknown tenant",
        "The tenant in X-Tenant-Id is not known in any region.");

    internal static Task MisdirectedAsync(HttpContext http, TenantHome home)
    {
        http.Response.Headers.Location = $"{home.RegionUrl}{RawTarget.Of(http)}";
        return WriteAsync(http, 421, "tenant-of-another-region", "Tenant of another region",
            $"Tenant {home.TenantId} is served by region {home.Region}. Send its requests to {home.RegionUrl}.", home.RegionUrl);
    }

    internal static Task BodyTooLargeAsync(HttpContext http, long bytesMax) => WriteAsync(http, 413, "body-too-large", "Body too large",
        $"At most {bytesMax} bytes are taken per request. Send fewer contributions per batch.");

    internal static Task RateExceededAsync(HttpContext http) =>
        LimitedAsync(http, "tenant-rate-exceeded", "Too many requests", "The tenant sends more requests a second than agreed.");

    internal static Task ConcurrencyExceededAsync(HttpContext http) =>
        LimitedAsync(http, "tenant-concurrency-exceeded", "Too many requests at once", "Too many requests of the tenant wait for their answers.");

    internal static Task UnknownRouteAsync(HttpContext http) => WriteAsync(http, 404, "unknown-route", "Unknown route",
        "Nothing is served under this path and method.");

    /// <summary>The shard did not answer. Whether it acted is not known: the same request with the same idempotency key may be sent again.</summary>
    internal static Task ForwardingFailedAsync(HttpContext http, ForwarderError error, long bytesMax) => error switch
    {
        _ when http.Response.StatusCode == 413 => BodyTooLargeAsync(http, bytesMax),
        ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled or ForwarderError.RequestCanceled =>
            WriteAsync(http, 400, "request-broken-off", "Request broken off", "The request's body ended before it was complete."),
        ForwarderError.RequestTimedOut => RetryLaterAsync(http, 504, "shard-timeout", "Shard too slow"),
        ForwarderError.NoAvailableDestinations => RetryLaterAsync(http, 503, "shard-unavailable", "Shard unavailable"),
        _ => RetryLaterAsync(http, 502, "shard-unreachable", "Shard unreachable"),
    };

    static Task RetryLaterAsync(HttpContext http, int status, string reason, string title)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return WriteAsync(http, status, reason, title,
            "The tenant's shard gave no answer. Send the same request with the same idempotency key again: what was already taken is not taken twice.");
    }

    static Task LimitedAsync(HttpContext http, string reason, string title, string why)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return WriteAsync(http, 429, reason, title, why + " Nothing was done; send the same request with the same idempotency key again, later.");
    }

    static Task WriteAsync(HttpContext http, int status, string reason, string title, string detail, string? regionUrl = null)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(
            new GatewayProblem(TypePrefix + reason, title, status, detail, regionUrl), ProblemJson.Default.GatewayProblem, "application/problem+json");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GatewayProblem))]
sealed partial class ProblemJson : JsonSerializerContext;
