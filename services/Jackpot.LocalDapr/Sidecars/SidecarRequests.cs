using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Calls;
using Microsoft.AspNetCore.Http.Features;

namespace Jackpot.LocalDapr.Sidecars;

/// <summary>What holds for every request: API token, body limit, and the path as real Dapr's router sees it.</summary>
static class SidecarRequests
{
    const string TokenHeader = "dapr-api-token";

    public static Task EnterAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<Sidecar>() is not { } sidecar)
        {
            return next(http);
        }
        if (sidecar.Node.Faults.IsCut(sidecar.Options.AppId))
        {
            http.Abort();
            return Task.CompletedTask;
        }
        if (sidecar.Options.DaprApiToken is { } token && !IsExempt(http) && !IsSame(token, http.Request.Headers[TokenHeader].ToString()))
        {
            return RefuseAsync(http);
        }
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // A gRPC call may be a stream without an end; its messages have the limit, and answer it with a status.
            limit.MaxRequestBodySize = GrpcRefusal.IsGrpc(http.Request) ? null : sidecar.Options.MaxBodySizeBytes;
        }
        Clean(http.Request);
        return GuardBodyAsync(http, next);
    }

    /// <summary>401 over HTTP, Unauthenticated over gRPC.</summary>
    static Task RefuseAsync(HttpContext http)
    {
        const string Reason = "invalid api token";
        if (GrpcRefusal.IsGrpc(http.Request))
        {
            return http.RefuseGrpc(StatusCode.Unauthenticated, Reason);
        }
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return http.Response.WriteAsync(Reason);
    }

    static async Task GuardBodyAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge && !http.Response.HasStarted)
        {
            await http.Error(StatusCodes.Status413PayloadTooLarge, "ERR_BODY_TOO_LARGE", tooLarge.Message);
        }
        catch (Exception unreadable) when (IsOfReading(unreadable) && !http.Response.HasStarted)
        {
            await http.Error(StatusCodes.Status400BadRequest, "ERR_MALFORMED_REQUEST", $"failed deserializing HTTP body: {unreadable.Message}");
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
    }

    /// <summary>The JSON reader throws the second where a value has another type than was asked for, or is a text with half of a surrogate pair.</summary>
    static bool IsOfReading(Exception failed) => failed is JsonException || (failed is InvalidOperationException && failed.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true);

    /// <summary>Doubled slashes collapse, a trailing one goes.</summary>
    static void Clean(HttpRequest request)
    {
        var path = request.Path.Value!;
        if (path.Length > 1 && (path[^1] == '/' || path.Contains("//", StringComparison.Ordinal)) && !path.StartsWith("/v1.0/invoke/", StringComparison.Ordinal))
        {
            request.Path = "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    static bool IsExempt(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method) && http.Request.Path.Value is "/v1.0/healthz" or "/v1.0/healthz/outbound";

    static bool IsSame(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));
}
