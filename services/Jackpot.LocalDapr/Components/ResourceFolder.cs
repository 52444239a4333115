using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Jackpot.LocalDapr.Components;

/// <summary>One YAML document of a resources folder.</summary>
sealed record ResourceDocument(string Kind, YamlMap Root);

/// <summary>Reads every .yaml and .yml file of the resources folders of a sidecar, in the order of their names.</summary>
static class ResourceFolder
{
    static readonly string[] Kinds = ["Component", "Subscription", "Resiliency", "Configuration", "HTTPEndpoint"];

    public static IReadOnlyList<ResourceDocument> Read(IEnumerable<string> folders) =>
        [.. folders.SelectMany(FilesOf).SelectMany(ReadFile)];

    public static IEnumerable<ResourceDocument> ReadFile(string file)
    {
        var stream = new YamlStream();
        try
        {
            using var text = File.OpenText(file);
            stream.Load(text);
        }
        catch (YamlException unreadable)
        {
            throw new ResourceFault(file, unreadable.Start.Line, $"this is not YAML: {unreadable.Message}");
        }
        catch (IOException missing)
        {
            throw new ResourceFault(file, 0, missing.Message);
        }
        return stream.Documents.Where(document => document.RootNode is not YamlScalarNode { Value: "" or null }).Select(document => Document(file, document.RootNode));
    }

    static IEnumerable<string> FilesOf(string folder)
    {
        if (File.Exists(folder))
        {
            return [folder];
        }
        if (!Directory.Exists(folder))
        {
            throw new ResourceFault(folder, 0, "this resources folder does not exist");
        }
        return Directory.EnumerateFiles(folder)
            .Where(file => Path.GetExtension(file) is ".yaml" or ".yml")
            .Order(StringComparer.Ordinal);
    }

    static ResourceDocument Document(string file, YamlNode root)
    {
        if (root is not YamlMappingNode mapping)
        {
            throw new ResourceFault(file, root.Start.Line, "a resource must be a mapping with apiVersion, kind, metadata and spec");
        }
        var map = new YamlMap(file, mapping);
        var kind = map.Required("kind");
        if (!Kinds.Contains(kind))
        {
            throw map.Fault("kind", $"the kind '{kind}' is not known; known are: {string.Join(", ", Kinds)}");
        }
        return new ResourceDocument(kind, map);
    }
}
