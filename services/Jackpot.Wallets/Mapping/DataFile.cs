using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Jackpot.Wallets.Mapping;

/// <summary>A YAML or JSON file of settings, read whole; every fault is kept with the line that it is in.</summary>
public sealed class DataFile
{
    /// <summary>A longer file is none of ours.</summary>
    const int BytesMax = 256 * 1024;

    readonly string _name;
    readonly List<string> _faults = [];

    DataFile(string name) => _name = name;

    /// <summary>In the order in which they were found: <c>file:line: reason</c>.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The file's outermost fields; without any where it cannot be read, and then it has a fault.</summary>
    public static (DataFile File, DataFields Fields) Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Length: > BytesMax } ? Unreadable(path, $"is longer than {BytesMax} bytes") : Parse(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(path, e.Message);
        }
    }

    public static (DataFile File, DataFields Fields) Parse(string name, string text)
    {
        try
        {
            var yaml = new YamlStream();
            using var reader = new StringReader(text);
            yaml.Load(reader);
            if (yaml.Documents is [{ RootNode: YamlMappingNode root }])
            {
                var file = new DataFile(name);
                return (file, new DataFields(file, root));
            }

            return Unreadable(name, "holds no fields");
        }
        catch (InvalidOperationException e)
        {
            // The parser's own way of saying that a bracket has no end.
            return Unreadable(name, $"is neither YAML nor JSON: {e.Message}");
        }
        catch (YamlException e)
        {
            var (file, fields) = Unreadable(name, null);
            file._faults.Add($"{name}:{e.Start.Line}: {e.InnerException?.Message ?? e.Message}");
            return (file, fields);
        }
    }

    static (DataFile File, DataFields Fields) Unreadable(string name, string? why)
    {
        var file = new DataFile(name);
        if (why is not null)
        {
            file._faults.Add($"{name}: {why}");
        }

        return (file, new DataFields(file, []));
    }

    internal void Fault(YamlNode at, string reason) => _faults.Add($"{_name}:{at.Start.Line}: {reason}");
}

/// <summary>The fields of one node. What is asked for wrongly, or is there and was never asked for, is a fault of the file.</summary>
public sealed class DataFields
{
    readonly DataFile _file;
    readonly YamlMappingNode _node;
    readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    internal DataFields(DataFile file, YamlMappingNode node) => (_file, _node) = (file, node);

    internal IEnumerable<string> Names => _node.Children.Keys.Select(key => key is YamlScalarNode { Value: { } name } ? name : "");

    internal YamlNode Node => _node;

    /// <summary>Says that something is wrong with the field, or with all of them when the field is not there.</summary>
    public void Fault(string? field, string reason) => _file.Fault(field is not null && _node.Children.TryGetValue(field, out var at) ? at : _node, reason);

    internal void FaultAt(YamlNode at, string reason) => _file.Fault(at, reason);

    internal YamlNode? Find(string field)
    {
        _asked.Add(field);
        return _node.Children.TryGetValue(field, out var value) ? value : null;
    }

    public bool Has(string field) => Find(field) is not null;

    /// <summary>Null, with a fault, where it is missing or no text.</summary>
    public string? Required(string field)
    {
        if (Find(field) is null)
        {
            Fault(null, $"'{field}' is missing");
        }

        return Text(field);
    }

    public string? Text(string field)
    {
        switch (Find(field))
        {
            case null:
                return null;
            case YamlScalarNode { Value: { } text }:
                return text;
            default:
                Fault(field, $"'{field}' must be a text");
                return null;
        }
    }

    public int Number(string field, int otherwise, int min, int max)
    {
        if (Text(field) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        Fault(field, $"'{field}' is '{text}'; it must be a whole number from {min} to {max}");
        return otherwise;
    }

    public bool Flag(string field)
    {
        var text = Text(field);
        if (text is not (null or "true" or "false"))
        {
            Fault(field, $"'{field}' is '{text}'; it must be true or false");
        }

        return text == "true";
    }

    /// <summary>One of the words of an enum, in snake case.</summary>
    public TEnum Word<TEnum>(string field, TEnum otherwise)
        where TEnum : struct, Enum
    {
        if (Text(field) is not { } text)
        {
            return otherwise;
        }

        var words = Enum.GetValues<TEnum>().ToDictionary(value => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()), value => value);
        if (words.TryGetValue(text, out var word))
        {
            return word;
        }

        Fault(field, $"'{field}' is '{text}'; it must be one of {string.Join(", ", words.Keys)}");
        return otherwise;
    }

    public DataFields? Fields(string field)
    {
        switch (Find(field))
        {
            case null:
                return null;
            case YamlMappingNode node:
                return new DataFields(_file, node);
            default:
                Fault(field, $"'{field}' must have fields of its own");
                return null;
        }
    }

    /// <summary>Texts of a list; a single text is a list of one.</summary>
    public IReadOnlyList<string> Texts(string field)
    {
        switch (Find(field))
        {
            case null:
                return [];
            case YamlScalarNode { Value: { } one }:
                return [one];
            case YamlSequenceNode list when list.All(item => item is YamlScalarNode):
                return [.. list.Select(item => ((YamlScalarNode)item).Value ?? "")];
            default:
                Fault(field, $"'{field}' must be a text or a list of texts");
                return [];
        }
    }

    public IReadOnlyList<DataFields> List(string field)
    {
        switch (Find(field))
        {
            case null:
                return [];
            case YamlSequenceNode list when list.All(item => item is YamlMappingNode):
                return [.. list.Select(item => new DataFields(_file, (YamlMappingNode)item))];
            default:
                Fault(field, $"'{field}' must be a list, each item with fields of its own");
                return [];
        }
    }

    /// <summary>Finds what nobody asked for: a misspelled field must not be passed over in silence.</summary>
    public void Done()
    {
        foreach (var (key, _) in _node.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } || !_asked.Contains(name))
            {
                _file.Fault(key, $"'{key}' is no field here; known are {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
            }
        }
    }
}
