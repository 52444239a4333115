using System.Text.RegularExpressions;

namespace Jackpot.Tidy.Tests.Telemetry;

/// <summary>A metric that a service makes itself, under the name that Prometheus sees.</summary>
internal sealed record OwnMetric(string Name, string Text, string Project);

/// <summary>Finds the metrics that the services make themselves.</summary>
internal static partial class OwnMetrics
{
    // A gauge has its callback between name and text.
    [GeneratedRegex("""Create(?<kind>Counter|Histogram|ObservableGauge)(?:<\w+>)?\(\s*"(?<name>[^"]+)"(?:,\s*\(\) => [^;]*?)?(?:,\s*(?:unit: )?"(?<unit>[^"]{0,4})")?,\s*(?:description: )?\x22(?<text>[^"]{5,})\x22""")]
    private static partial Regex Instrument { get; }

    internal static IReadOnlyList<OwnMetric> All() =>
    [
        .. ((string[])["services", "gateway"]).SelectMany(folder => SourceTree.Files("*.cs", folder))
            .SelectMany(file => OfSource(SourceTree.Relative(file).Split('/')[1], File.ReadAllText(file)))
            .OrderBy(metric => metric.Project, StringComparer.Ordinal).ThenBy(metric => metric.Name, StringComparer.Ordinal),
    ];

    internal static IEnumerable<OwnMetric> OfSource(string project, string source) => Instrument.Matches(source).Select(match =>
    {
        var name = match.Groups["name"].Value.Replace('.', '_');
        var unit = match.Groups["unit"].Value == "s" ? "_seconds" : "";
        return new OwnMetric(name + unit + (match.Groups["kind"].Value == "Counter" ? "_total" : ""), match.Groups["text"].Value, project);
    });
}
