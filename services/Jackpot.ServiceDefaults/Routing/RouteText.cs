using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Jackpot.ServiceDefaults.Routing;

/// <summary>
/// Path parameters as their sender meant them: percent-decoded exactly once. The server's own decoding leaves an encoded slash as it is, so that
/// <c>a%2Fb</c> and <c>a%252Fb</c> would come out as the same text; the first means <c>a/b</c>, the second <c>a%2Fb</c>.
/// </summary>
public static class RouteText
{
    /// <summary>The parameter of this name; empty when the route has none.</summary>
    public static string Of(HttpContext http, string name)
    {
        var routed = http.Request.RouteValues[name] as string ?? "";
        return routed.Contains('%', StringComparison.Ordinal) && Sent(http, name) is { } sent ? sent : routed;
    }

    /// <summary>Puts every path parameter in its place that the server has not decoded to the end.</summary>
    public static void DecodeAll(HttpContext http)
    {
        var values = http.Request.RouteValues;
        foreach (var name in values.Keys.ToArray())
        {
            if (values[name] is string)
            {
                values[name] = Of(http, name);
            }
        }
    }

    /// <summary>The path of a request line, as it was sent.</summary>
    public static ReadOnlySpan<char> PathOf(string target)
    {
        var path = target.AsSpan();
        if (path.Length > 0 && path[0] != '/' && path.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme)
        {
            var rest = path[(scheme + 3)..];
            path = rest.IndexOf('/') is >= 0 and var slash ? rest[slash..] : "/";
        }

        return path.IndexOf('?') is >= 0 and var query ? path[..query] : path;
    }

    static string? Sent(HttpContext http, string name)
    {
        if ((http.GetEndpoint() as RouteEndpoint)?.RoutePattern is not { } pattern || http.Features.Get<IHttpRequestFeature>()?.RawTarget is not { } target)
        {
            return null;
        }

        var sent = PathOf(target).ToString().Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < pattern.PathSegments.Count && i < sent.Length; i++)
        {
            if (pattern.PathSegments[i].Parts is [Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter] && parameter.Name == name)
            {
                return parameter.IsCatchAll ? string.Join('/', sent[i..].Select(Uri.UnescapeDataString))
                    : sent.Length == pattern.PathSegments.Count ? Uri.UnescapeDataString(sent[i])
                    : null;
            }
        }

        return null;
    }
}
