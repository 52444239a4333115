using System.Text.RegularExpressions;

namespace Jackpot.Tidy.Tests.Folders;

/// <summary>Which top folders of a project know which others. Files beside the project file put it together and may know all.</summary>
sealed class FolderGraph
{
    readonly SortedDictionary<string, SortedDictionary<string, string>> _imports = new(StringComparer.Ordinal);

    FolderGraph()
    {
    }

    /// <summary>Every import with a file that needs it.</summary>
    internal IEnumerable<(string From, string To, string File)> Imports =>
        _imports.SelectMany(folder => folder.Value.Select(import => (folder.Key, import.Key, import.Value)));

    /// <param name="root">The namespace of the project, for example <c>Jackpot.Shard</c>.</param>
    /// <param name="files">Path below the project, with forward slashes, and text.</param>
    internal static FolderGraph Of(string root, IReadOnlyCollection<(string Path, string Text)> files)
    {
        var graph = new FolderGraph();
        var folders = files.Select(file => TopFolder(file.Path)).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToArray();
        if (folders.Length == 0)
        {
            return graph;
        }

        // A namespace is named from its root or, inside of the root, by its last names: Jackpot.Shard.Outbox.X, Shard.Outbox.X, Outbox.X.
        var last = root[(root.LastIndexOf('.') + 1)..];
        var names = string.Join('|', folders.Select(Regex.Escape));
        var import = new Regex($@"\b{Regex.Escape(root)}\.({names})\b|(?<![\w.]){Regex.Escape(last)}\.({names})\.[A-Z]|(?<![\w.]|nameof\()({names})\.(?<type>[A-Z]\w*)");
        foreach (var (path, text) in files)
        {
            if (TopFolder(path) is not { } from)
            {
                continue;
            }

            foreach (var match in import.Matches(text).Where(match => !match.Groups["type"].Success || IsTypeOf(match)))
            {
                var to = match.Groups.Values.Skip(1).First(group => group.Success && group.Name != "type").Value;
                if (to != from)
                {
                    graph.Of(from).TryAdd(to, path);
                }
            }
        }

        return graph;

        // By its last name alone a folder looks like a property, so the name behind it must be a type of that folder.
        bool IsTypeOf(Match match) => files.Any(file =>
            TopFolder(file.Path) == match.Groups.Values.Skip(1).First(group => group.Success).Value
            && Path.GetFileNameWithoutExtension(file.Path).Split('.')[0] == match.Groups["type"].Value);
    }

    SortedDictionary<string, string> Of(string folder) =>
        _imports.TryGetValue(folder, out var known) ? known : _imports[folder] = new(StringComparer.Ordinal);

    static string? TopFolder(string path) => path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : null;

    /// <summary>A shortest way from a folder back to itself, as <c>A -> B (A/x.cs) -> A (B/y.cs)</c>; null when all imports point one way.</summary>
    internal string? Cycle() => _imports.Keys.Select(CycleFrom).OfType<List<string>>().OrderBy(cycle => cycle.Count).Select(Text).FirstOrDefault();

    /// <summary>Folders that lie on some cycle.</summary>
    internal IReadOnlyCollection<string> OnCycles() => [.. _imports.Keys.Where(folder => CycleFrom(folder) is not null)];

    List<string>? CycleFrom(string start)
    {
        var (came, next) = (new Dictionary<string, string>(StringComparer.Ordinal), new Queue<string>([start]));
        while (next.TryDequeue(out var folder))
        {
            foreach (var to in _imports.TryGetValue(folder, out var known) ? known.Keys.AsEnumerable() : [])
            {
                if (to == start)
                {
                    return Way(came, start, folder);
                }

                if (came.TryAdd(to, folder))
                {
                    next.Enqueue(to);
                }
            }
        }

        return null;
    }

    static List<string> Way(Dictionary<string, string> came, string start, string last)
    {
        var way = new List<string> { start, last };
        while (last != start)
        {
            way.Insert(1, last = came[last]);
        }

        // From the start to the start.
        way.RemoveAt(1);
        return [.. way, start];
    }

    string Text(List<string> cycle) =>
        cycle[0] + string.Concat(cycle.Zip(cycle.Skip(1), (from, to) => $" -> {to} ({_imports[from][to]})"));
}
