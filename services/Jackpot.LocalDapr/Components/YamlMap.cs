using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Jackpot.LocalDapr.Components;

/// <summary>A YAML mapping that knows its file and lines, so that every fault can name the place.</summary>
sealed class YamlMap(string file, YamlMappingNode node)
{
    public string File => file;

    public long Line => node.Start.Line;

    public IEnumerable<string> Names => node.Children.Keys.Select(NameOf);

    public ResourceFault Fault(string reason) => new(file, Line, reason);

    public ResourceFault Fault(string name, string reason) => new(file, Child(name)?.Start.Line ?? Line, reason);

    public long LineOf(string name) => Child(name)?.Start.Line ?? Line;

    public void OnlyKnows(params ReadOnlySpan<string> known)
    {
        foreach (var name in Names)
        {
            if (!known.Contains(name))
            {
                throw Fault(name, $"the field '{name}' is not known here; known are: {string.Join(", ", known.ToArray())}");
            }
        }
    }

    public string? Text(string name) => Child(name) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value ?? "",
        _ => throw Fault(name, $"'{name}' must be a single value"),
    };

    public string Required(string name) =>
        Text(name) is { Length: > 0 } text ? text : throw Fault(name, $"'{name}' is missing or empty");

    public bool Flag(string name, bool otherwise) => Text(name) switch
    {
        null => otherwise,
        "true" => true,
        "false" => false,
        var text => throw Fault(name, $"'{name}' is '{text}'; it must be true or false"),
    };

    public int? Whole(string name) => Text(name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
        var text => throw Fault(name, $"'{name}' is '{text}'; it must be a whole number"),
    };

    public YamlMap? Map(string name) => Child(name) switch
    {
        null or YamlScalarNode { Value: "" } => null,
        YamlMappingNode map => new YamlMap(file, map),
        _ => throw Fault(name, $"'{name}' must be a mapping"),
    };

    public YamlMap RequiredMap(string name) => Map(name) ?? throw Fault($"'{name}' is missing");

    public IReadOnlyList<YamlMap> Maps(string name) =>
        [.. Items(name).Select(item => item is YamlMappingNode map ? new YamlMap(file, map) : throw new ResourceFault(file, item.Start.Line, $"every entry of '{name}' must be a mapping"))];

    public IReadOnlyList<string> Texts(string name) =>
        [.. Items(name).Select(item => item is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw new ResourceFault(file, item.Start.Line, $"every entry of '{name}' must be a single value"))];

    IEnumerable<YamlNode> Items(string name) => Child(name) switch
    {
        null or YamlScalarNode { Value: "" } => [],
        YamlSequenceNode list => list.Children,
        _ => throw Fault(name, $"'{name}' must be a list"),
    };

    YamlNode? Child(string name) => node.Children.FirstOrDefault(child => NameOf(child.Key) == name).Value;

    static string NameOf(YamlNode key) => (key as YamlScalarNode)?.Value ?? "";
}
