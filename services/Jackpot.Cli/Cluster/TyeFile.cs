using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Jackpot.Cli.Cluster;

/// <summary>The part of Tye's file format that this project uses.</summary>
sealed class TyeFile
{
    public string Name { get; set; } = "";
    public List<TyeExtension> Extensions { get; set; } = [];
    public List<TyeService> Services { get; set; } = [];

    /// <summary>Reads the file; a fault is one line with file, line and reason.</summary>
    internal static TyeFile Read(string path)
    {
        try
        {
            using var text = File.OpenText(path);
            return new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build().Deserialize<TyeFile>(text)
                ?? throw new CommandException($"{path} is empty.");
        }
        catch (YamlException error)
        {
            throw new CommandException($"{path}({error.Start.Line}): {error.InnerException?.Message ?? error.Message}");
        }
    }

    /// <summary>Every place that has a PostgreSQL, in the order of the file.</summary>
    internal IReadOnlyList<string> Places => [.. Services.Where(service => service.External && service.Name.StartsWith(PostgresPlan.NamePrefix, StringComparison.Ordinal)).Select(service => service.Place)];

    internal TyeExtension Dapr => Extensions.Find(extension => extension.Name == "dapr")
        ?? throw new CommandException("tye.yaml has no extension named dapr; the shards need sidecars.");
}

sealed class TyeExtension
{
    public string Name { get; set; } = "";
    public List<string> ResourcesPaths { get; set; } = [];
    public string AppHealthCheckPath { get; set; } = "/healthz";
    public Dictionary<string, TyeDaprApp> Services { get; set; } = [];
}

sealed class TyeDaprApp
{
    public string AppId { get; set; } = "";

    /// <summary>Dapr's namespace of the application: its region, so that no region's sidecars find another's actors or applications.</summary>
    public string Namespace { get; set; } = "default";

    public List<string> ResourcesPaths { get; set; } = [];
}

sealed class TyeService
{
    public string Name { get; set; } = "";
    public string? Project { get; set; }
    public bool External { get; set; }
    public int Replicas { get; set; } = 1;
    public List<TyeBinding> Bindings { get; set; } = [];
    public List<TyeVariable> Env { get; set; } = [];

    /// <summary>Where it runs: a region, or what lies between the regions.</summary>
    public List<string> Tags { get; set; } = [];

    internal string Place => Tags is [var place] ? place : throw new CommandException($"tye.yaml: service {Name} needs one tag, its region.");

    /// <summary>The runtime of a region's sidecars.</summary>
    internal bool IsLocalDapr => Name.StartsWith(SidecarPlan.LocalDaprPrefix, StringComparison.Ordinal);
}

sealed class TyeBinding
{
    public string? Name { get; set; }
    public string? Protocol { get; set; }
    public int Port { get; set; }

    /// <summary>The name, or the protocol, or "default".</summary>
    internal string Key => Name ?? Protocol ?? "default";
}

sealed class TyeVariable
{
    public string Name { get; set; } = "";
    public string Value { get; set; } = "";
}
