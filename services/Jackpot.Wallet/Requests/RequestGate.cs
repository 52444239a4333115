using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Jackpot.Wallet.Requests;

/// <summary>Before an endpoint sees a request: ids in paths are decoded once, and nothing in the query is a text that cannot be stored.</summary>
static class RequestGate
{
    internal static void UseRequestGate(this WebApplication app) => app.Use(EnterAsync);

    static Task EnterAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.QueryString.HasValue && http.Request.Query.Any(parameter => parameter.Value.Count > 1 || parameter.Value.ToString().Contains('\0', StringComparison.Ordinal)))
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, type: "urn:jackpot:problem:malformed-request",
                detail: "A parameter of the query is named twice or holds NUL; name each once, as text.").ExecuteAsync(http);
        }
        if (http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget is var target && target.Contains('%', StringComparison.Ordinal))
        {
            Decode(http, target);
        }
        return next(http);
    }

    /// <summary>The server leaves an encoded slash as it is, so that <c>a%2Fb</c> and <c>a%252Fb</c> would be the same id.</summary>
    static void Decode(HttpContext http, string target)
    {
        var sent = target.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        if ((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.PathSegments is not { } segments || segments.Count != sent.Length)
        {
            return;
        }
        for (var i = 0; i < sent.Length; i++)
        {
            if (segments[i].Parts is [RoutePatternParameterPart parameter])
            {
                http.Request.RouteValues[parameter.Name] = Uri.UnescapeDataString(sent[i]);
            }
        }
    }
}
