using Microsoft.AspNetCore.Http.Features;

namespace Jackpot.Gateway.Requests;

/// <summary>
/// Path and query exactly as the client sent them. The shard reads them with the same server as the gateway, so both see the same path; taking
/// them apart and writing them again here would decode <c>%252F</c> once more than the client meant.
/// </summary>
static class RawTarget
{
    static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    internal static string Of(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith('/'))
        {
            return target;
        }

        // A proxy's form of a request line: the authority before the path is not ours to forward.
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        var path = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
        return path < 0 ? "/" : target[path..];
    }

    internal static Uri At(string destination, HttpContext http) => new(destination.TrimEnd('/') + Of(http), AsItIs);
}
