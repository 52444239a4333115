using System.Text.RegularExpressions;

namespace Jackpot.Cli.Cluster;

/// <summary>Fills in ${root}, ${database:name}, ${url:service} and ${urls:service} in tye.yaml's values.</summary>
sealed partial class Placeholders(string root, Func<string, string> database, Func<string, IReadOnlyList<string>> urls)
{
    [GeneratedRegex(@"\$\{(?<kind>[a-z]+)(:(?<name>[^}]+))?\}")]
    private static partial Regex Pattern { get; }

    internal string Fill(string value) => Pattern.Replace(value, match =>
    {
        var (kind, name) = (match.Groups["kind"].Value, match.Groups["name"].Value);
        return kind switch
        {
            "root" => root,
            "database" => database(name),
            "url" => urls(name)[0],
            "urls" => string.Join(',', urls(name)),
            _ => throw new CommandException($"tye.yaml holds {match.Value}; known are ${{root}}, ${{database:x}}, ${{url:x}}, ${{urls:x}}."),
        };
    });
}
