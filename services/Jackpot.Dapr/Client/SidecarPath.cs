using System.Text;

namespace Jackpot.Dapr.Client;

/// <summary>Builds request paths: every part is escaped, metadata becomes <c>metadata.key=value</c> in the query.</summary>
internal static class SidecarPath
{
    public static string Of(params ReadOnlySpan<string> segments)
    {
        var path = new StringBuilder("/v1.0");
        foreach (var segment in segments)
        {
            path.Append('/').Append(Uri.EscapeDataString(segment));
        }

        return path.ToString();
    }

    /// <summary>A topic may hold slashes, which stay slashes.</summary>
    public static string Topic(string pubsubName, string topicName) =>
        $"/{Uri.EscapeDataString(pubsubName)}/{string.Join('/', topicName.Split('/').Select(Uri.EscapeDataString))}";

    public static string WithMetadata(this string path, IReadOnlyDictionary<string, string>? metadata) =>
        metadata is null
            ? path
            : metadata.Aggregate(path, (sofar, item) => sofar.WithQuery($"metadata.{item.Key}", item.Value));

    public static string WithQuery(this string path, string name, string? value) =>
        value is null ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}";
}
