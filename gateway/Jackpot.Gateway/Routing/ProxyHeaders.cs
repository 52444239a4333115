namespace Jackpot.Gateway.Routing;

/// <summary>Headers by which a proxy speaks to the service behind it. A client may not forge them.</summary>
static class ProxyHeaders
{
    const string ForwardedPrefix = "X-Forwarded-";
    static readonly string[] OtherNames = ["Forwarded", "X-Real-IP", "X-Original-URL", "X-Rewrite-URL"];

    internal static void Strip(IHeaderDictionary headers)
    {
        List<string>? forged = null;
        foreach (var (name, _) in headers)
        {
            if (name.StartsWith(ForwardedPrefix, StringComparison.OrdinalIgnoreCase) || OtherNames.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                (forged ??= []).Add(name);
            }
        }
        foreach (var name in forged ?? [])
        {
            headers.Remove(name);
        }
    }
}
