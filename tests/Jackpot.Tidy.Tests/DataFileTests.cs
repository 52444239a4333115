using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace Jackpot.Tidy.Tests;

/// <summary>Regions and components are data; a file that cannot be read is found here and not at start.</summary>
public sealed class DataFileTests
{
    static readonly string[] KnownKinds = ["Component", "Resiliency", "Subscription", "Configuration", "HTTPEndpoint"];

    /// <summary>Folders whose files are no resources of Dapr: operators' wallets, which Jackpot.Wallets reads, and alerts, which Prometheus reads. Tests of their own hold them.</summary>
    static readonly string[] OtherFolders = ["wallets", "observe"];

    public static TheoryData<string> JsonFiles => [.. SourceTree.Files("*.json", "regions").Select(SourceTree.Relative)];

    public static TheoryData<string> ResourceFiles =>
        [.. SourceTree.Files("*.yaml", "components").Concat(SourceTree.Files("*.yaml", "regions")).Where(file => Path.GetFileName(file) != "dapr.yaml" && !OtherFolders.Contains(Path.GetFileName(Path.GetDirectoryName(file)))).Select(SourceTree.Relative)];

    public static TheoryData<string> ResourceFolders =>
        [.. SourceTree.Folders("components").Concat(SourceTree.Folders("regions").Where(folder => Path.GetFileName(folder) == "components").SelectMany(SourceTree.Folders)).Select(SourceTree.Relative)];

    [Theory]
    [MemberData(nameof(JsonFiles))]
    public void A_file_of_a_region_is_json(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(SourceTree.Absolute(file)), new() { CommentHandling = JsonCommentHandling.Skip });
        Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
    }

    [Theory]
    [MemberData(nameof(ResourceFiles))]
    public void A_resource_is_yaml_of_a_known_kind_with_a_name(string file)
    {
        var resource = Yaml(file);
        Assert.Equal("dapr.io", Text(resource, "apiVersion").Split('/')[0]);
        Assert.Contains(Text(resource, "kind"), KnownKinds);
        Assert.NotEmpty(Text((YamlMappingNode)resource["metadata"], "name"));
    }

    [Theory]
    [MemberData(nameof(ResourceFolders))]
    public void A_resources_folder_holds_nothing_but_yaml_because_daprd_warns_of_the_rest(string folder) =>
        Assert.All(Directory.GetFiles(SourceTree.Absolute(folder)), file => Assert.Contains(Path.GetExtension(file), new[] { ".yaml", ".yml" }));

    [Theory]
    [InlineData("tye.yaml")]
    [InlineData("regions/eu-mt/dapr.yaml")]
    [InlineData("regions/uk-gb/dapr.yaml")]
    public void Every_resources_folder_that_is_named_is_there(string file)
    {
        var named = File.ReadLines(SourceTree.Absolute(file)).Select(line => line.Trim()).Where(line => line.StartsWith("- ", StringComparison.Ordinal))
            .Select(line => line[2..]).Where(item => item.Split('/').Contains("components")).ToArray();
        Assert.NotEmpty(named);
        var from = Path.GetDirectoryName(SourceTree.Absolute(file))!;
        Assert.All(named, folder => Assert.True(Directory.Exists(Path.Combine(from, folder)), $"{file} names {folder}"));
    }

    [Fact]
    public void Every_tenant_of_every_region_is_on_a_shard_of_its_region_and_on_no_other()
    {
        var seen = new HashSet<string>();
        foreach (var file in SourceTree.Files("region.json", "regions"))
        {
            using var region = JsonDocument.Parse(File.ReadAllText(file));
            Assert.Equal(Path.GetFileName(Path.GetDirectoryName(file)), region.RootElement.GetProperty("region").GetString());
            var shards = region.RootElement.GetProperty("shards").EnumerateArray().Select(shard => shard.GetString()).ToArray();
            foreach (var tenant in region.RootElement.GetProperty("tenants").EnumerateArray())
            {
                Assert.Contains(tenant.GetProperty("shard").GetString(), shards);
                Assert.True(seen.Add(tenant.GetProperty("tenant_id").GetString()!), $"{tenant} is named twice");
            }
        }
        Assert.NotEmpty(seen);
    }

    static YamlMappingNode Yaml(string file)
    {
        using var text = File.OpenText(SourceTree.Absolute(file));
        var yaml = new YamlStream();
        yaml.Load(text);
        return (YamlMappingNode)Assert.Single(yaml.Documents).RootNode;
    }

    static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;
}
