using System.Text.RegularExpressions;

namespace Jackpot.Tidy.Tests.Telemetry;

/// <summary>A log message of a service; its id is 0 when the source names none.</summary>
internal sealed record LogEvent(int Id, string Level, string Message, string Project, string Type);

/// <summary>Finds the <c>[LoggerMessage]</c> methods of the services.</summary>
internal static partial class LogEvents
{
    [GeneratedRegex("""\[LoggerMessage\((?<arguments>(?:[^"\]]|"(?:\\.|[^"\\])*")*)\]""")]
    private static partial Regex Attribute { get; }

    [GeneratedRegex("""^\s*(?:EventId = )?(?<id>\d+)""")]
    private static partial Regex Id { get; }

    [GeneratedRegex("""LogLevel\.(?<level>\w+)""")]
    private static partial Regex Level { get; }

    [GeneratedRegex("""\x22(?<text>(?:\\.|[^"\\])*)\x22""")]
    private static partial Regex Text { get; }

    internal static IReadOnlyList<LogEvent> All() =>
    [
        .. ((string[])["services", "gateway"]).SelectMany(folder => SourceTree.Files("*.cs", folder))
            .SelectMany(file => OfSource(SourceTree.Relative(file).Split('/')[1], Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)))
            .OrderBy(found => found.Id).ThenBy(found => found.Message, StringComparer.Ordinal),
    ];

    internal static IEnumerable<LogEvent> OfSource(string project, string type, string source) => Attribute.Matches(source).Select(match =>
    {
        var arguments = match.Groups["arguments"].Value;
        var id = Id.Match(arguments);
        return new LogEvent(
            id.Success ? int.Parse(id.Groups["id"].Value, System.Globalization.CultureInfo.InvariantCulture) : 0,
            Level.Match(arguments).Groups["level"].Value, Text.Match(arguments).Groups["text"].Value, project, type);
    });
}
