using System.Text;
using Grpc.Core;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Apps;
using Jackpot.LocalDapr.Calls;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Invocation;

/// <summary>Service invocation, by path, by <c>dapr-app-id</c> header or by basic authentication. Status, headers and body pass through.</summary>
static class InvocationEndpoints
{
    public static void MapInvocation(this IEndpointRouteBuilder routes)
    {
        routes.Map("/v1.0/invoke/{appId}/method/{**path}", http => CallAsync(http, http.Segment("appId"), PathAfterMethod(http)));
        routes.MapFallback("{**path}", CallByHeaderAsync);
    }

    /// <summary>The path as it was sent, so that its escapes reach the callee unchanged.</summary>
    static string PathAfterMethod(HttpContext http)
    {
        const string Marker = "/method/";
        var raw = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var path = raw.Split('?', 2)[0];
        var at = path.IndexOf(Marker, StringComparison.Ordinal);
        return at < 0 ? "" : path[(at + Marker.Length)..];
    }

    static Task CallByHeaderAsync(HttpContext http)
    {
        if (http.Features.Get<Sidecar>() is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        // A method that the sidecar does not serve is taken for one of another application, whose name is then missing.
        if (GrpcRefusal.IsGrpc(http.Request))
        {
            return http.RefuseGrpc(StatusCode.Unknown, "failed to proxy request: required metadata dapr-callee-app-id or dapr-app-id not found");
        }
        var appId = http.Request.Headers[AppCall.AppIdHeader].ToString();
        if (appId.Length == 0)
        {
            appId = AppIdOfBasicAuthentication(http.Request.Headers.Authorization.ToString());
        }
        return appId.Length == 0
            ? http.Error(404, "ERR_DIRECT_INVOKE", "failed getting app id either from the URL path or the header dapr-app-id")
            : CallAsync(http, appId, http.Request.Path.Value!.TrimStart('/'));
    }

    static async Task CallAsync(HttpContext http, string target, string path)
    {
        var sidecar = http.Sidecar();
        using var body = await PooledBody.ReadAsync(http.Request);
        try
        {
            using var answer = await AppCall.SendAsync(sidecar, target, address => RequestOf(http, address, path, body.Memory), http.RequestAborted);
            http.Response.StatusCode = (int)answer.StatusCode;
            ForwardedHeaders.Copy(answer, http.Response);
            http.Response.ContentLength = answer.Content.Headers.ContentLength;
            await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (Exception failed) when (failed is HttpRequestException or AppUnhealthyException or UnknownAppException)
        {
            await http.Error(500, "ERR_DIRECT_INVOKE", $"failed to invoke, id: {target}, err: {failed.Message}");
        }
    }

    static HttpRequestMessage RequestOf(HttpContext http, string address, string path, ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), $"{address}/{path}{http.Request.QueryString}");
        if (body.Length > 0 || http.Request.ContentType is not null)
        {
            request.Content = new ReadOnlyMemoryContent(body);
        }
        ForwardedHeaders.Copy(http.Request, request);
        return request;
    }

    static string AppIdOfBasicAuthentication(string header)
    {
        const string Scheme = "Basic ";
        const string User = "dapr-app-id:";
        Span<byte> decoded = stackalloc byte[256];
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && Convert.TryFromBase64String(header[Scheme.Length..], decoded, out var length)
            && Encoding.UTF8.GetString(decoded[..length]) is var pair && pair.StartsWith(User, StringComparison.Ordinal)
            ? pair[User.Length..]
            : "";
    }
}
