using Jackpot.ServiceDefaults.Routing;
using Jackpot.Shard.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace Jackpot.Shard.Requests;

/// <summary>
/// What holds for every request before its endpoint sees it: path and query are unambiguous text, path parameters are decoded once. After it: a
/// refusal of the server itself (no such path, another method, a body that breaks off) is a problem document like any other.
/// </summary>
internal static class RequestGate
{
    public static void UseRequestGate(this WebApplication app) => app.Use(EnterAsync);

    static async Task EnterAsync(HttpContext http, RequestDelegate next)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (RequestTarget.Fault(target) is { } fault)
        {
            await Problem.WriteAsync(http, Refusal.MalformedRequest, fault);
            return;
        }

        if (http.Request.QueryString.HasValue && http.Request.Query.Any(parameter => parameter.Value.Count > 1))
        {
            await Problem.WriteAsync(http, Refusal.MalformedRequest, "a parameter of the query is named twice; which one is meant cannot be known");
            return;
        }

        if (target.Contains('%', StringComparison.Ordinal))
        {
            RouteText.DecodeAll(http);
        }

        try
        {
            await next(http);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await Problem.WriteAsync(http, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? Refusal.BodyTooLarge : Refusal.MalformedRequest, e.Message);
        }

        if (http.Response is { HasStarted: false, ContentType: null, ContentLength: null or 0 } && RefusalOf(http.Response.StatusCode) is { } refusal)
        {
            await Problem.WriteAsync(http, refusal, "see /openapi/v1.json for the paths, methods and bodies that are served");
        }
    }

    static Refusal? RefusalOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => Refusal.NotFound,
        StatusCodes.Status405MethodNotAllowed => Refusal.MethodNotAllowed,
        StatusCodes.Status415UnsupportedMediaType => Refusal.MediaTypeNotTaken,
        _ => null,
    };
}
