namespace Jackpot.LocalDapr.Answers;

/// <summary>Request metadata: query parameters named <c>metadata.{name}</c>.</summary>
static class RequestMetadata
{
    const string Prefix = "metadata.";

    static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    public static IReadOnlyDictionary<string, string> Of(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
        {
            return None;
        }
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.Query)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                metadata[name[Prefix.Length..]] = value.ToString();
            }
        }
        return metadata;
    }
}
