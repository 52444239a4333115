namespace Jackpot.LocalDapr.Invocation;

/// <summary>Copies headers across the sidecar: everything but what belongs to one connection only.</summary>
static class ForwardedHeaders
{
    static readonly HashSet<string> ConnectionOnly = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Host", "Content-Length", "Expect", "dapr-api-token",
    };

    /// <summary>Whether metadata of a gRPC call becomes a header; what describes the call itself does not.</summary>
    public static bool MayCross(string name) =>
        !ConnectionOnly.Contains(name) && !name.StartsWith("grpc-", StringComparison.Ordinal) && name is not ("content-type" or "user-agent" or "accept-encoding");

    public static void Copy(HttpRequest from, HttpRequestMessage to)
    {
        foreach (var (name, values) in from.Headers)
        {
            if (ConnectionOnly.Contains(name))
            {
                continue;
            }
            if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || name is "Allow" or "Expires" or "Last-Modified")
            {
                to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
            else
            {
                to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }

    public static void Copy(HttpResponseMessage from, HttpResponse to)
    {
        foreach (var (name, values) in from.Headers.NonValidated)
        {
            Copy(name, values, to);
        }
        foreach (var (name, values) in from.Content.Headers.NonValidated)
        {
            Copy(name, values, to);
        }
    }

    static void Copy(string name, System.Net.Http.Headers.HeaderStringValues values, HttpResponse to)
    {
        if (!ConnectionOnly.Contains(name))
        {
            to.Headers[name] = values.Count == 1 ? values.ToString() : values.ToArray();
        }
    }
}
