using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Jackpot.Tidy.Tests;

/// <summary>Every broker has the same three components with the same permissions, so that its folder is all that is chosen; they name every app and every topic.</summary>
public sealed class BrokerFileTests
{
    static readonly string[] Names = ["bets", "events", "network"];

    /// <summary>What says who may do what; everything else is the broker's own.</summary>
    static readonly string[] Permissions = ["allowedTopics", "protectedTopics", "publishingScopes", "subscriptionScopes"];

    public static TheoryData<string> Brokers => [.. Folders];

    static IEnumerable<string> Folders => SourceTree.Folders("components").Skip(1).Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("runtime" or "wallets" or "observe"));

    static IEnumerable<string> Shards => SourceTree.Files("region.json", "regions").SelectMany(file =>
        System.Text.Json.JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("shards").EnumerateArray().Select(shard => shard.GetString()!));

    /// <summary>Topics of feeds that do not come on the topic of all bets.</summary>
    static IEnumerable<string> FeedTopics => SourceTree.Files("*.json", "regions").Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "feeds").Select(file =>
        System.Text.Json.JsonDocument.Parse(File.ReadAllText(file), new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip }).RootElement)
        .Where(feed => feed.TryGetProperty("topic", out _)).Select(feed => feed.GetProperty("topic").GetString()!);

    [Theory]
    [MemberData(nameof(Brokers))]
    public void A_broker_has_the_three_components_and_they_say_who_may_do_what_as_every_other_does(string broker)
    {
        Assert.Equal(Names, SourceTree.Files("*.yaml", $"components/{broker}").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal));
        foreach (var name in Names)
        {
            var (file, local) = (Yaml(broker, name), Yaml("local", name));
            Assert.Equal(name, Text((YamlMappingNode)file["metadata"], "name"));
            Assert.StartsWith("pubsub.", Text((YamlMappingNode)file["spec"], "type"), StringComparison.Ordinal);
            Assert.Equal(Scopes(local), Scopes(file));
            Assert.All(Permissions, permission => Assert.Equal(Metadata(local, permission), Metadata(file, permission)));
        }
    }

    [Fact]
    public void The_shards_and_gateways_of_every_region_are_named_and_nobody_else()
    {
        var gateways = SourceTree.Files("region.json", "regions").Select(file => "gateway-" + Path.GetFileName(Path.GetDirectoryName(file))).ToArray();
        var shards = Shards.Select(shard => "shard-" + shard).ToArray();

        Assert.Equal([.. shards.Order(StringComparer.Ordinal)], Scopes(Yaml("local", "events")));
        Assert.Equal([.. shards.Order(StringComparer.Ordinal)], Scopes(Yaml("local", "network")));
        Assert.Equal([.. shards.Concat(gateways).Order(StringComparer.Ordinal)], Scopes(Yaml("local", "bets")));
    }

    [Fact]
    public void Every_topic_is_open_to_those_alone_who_are_named_for_it()
    {
        var topics = Regex.Matches(File.ReadAllText(SourceTree.Absolute("services/Jackpot.Contracts/Events/Topics.cs")), "\"(?<topic>(jp|audit)\\.[a-z.]+)\"").Select(match => match.Groups["topic"].Value).ToArray();
        Assert.NotEmpty(topics);
        string[] bets = ["bets", "bets.dead", .. FeedTopics, .. Shards.Select(shard => "bets.wait." + shard)];

        foreach (var (name, expected) in new[] { ("events", topics), ("bets", bets) })
        {
            var file = Yaml("local", name);
            Assert.Equal([.. expected.Order(StringComparer.Ordinal)], List(Metadata(file, "allowedTopics")!));
            Assert.Equal(Metadata(file, "allowedTopics"), Metadata(file, "protectedTopics"));
        }
        Assert.All(Grants("events", "publishingScopes"), grant => Assert.Equal([.. topics.Order(StringComparer.Ordinal)], grant.Value));
        Assert.Equal(Scopes(Yaml("local", "events")), Grants("events", "publishingScopes").Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Bets_that_wait_for_a_shard_are_read_by_that_shard_alone()
    {
        var readers = Grants("bets", "subscriptionScopes");
        Assert.All(Shards, shard => Assert.Equal(["shard-" + shard], readers.Where(grant => grant.Value.Contains("bets.wait." + shard)).Select(grant => grant.Key)));
    }

    static Dictionary<string, string[]> Grants(string name, string permission) => Metadata(Yaml("local", name), permission)!
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(grant => grant.Split('='))
        .ToDictionary(grant => grant[0].Trim(), grant => List(grant[1]));

    static string[] List(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal)];

    static string[] Scopes(YamlMappingNode file) => [.. ((YamlSequenceNode)file["scopes"]).Select(scope => ((YamlScalarNode)scope).Value!).Order(StringComparer.Ordinal)];

    static string? Metadata(YamlMappingNode file, string name) => ((YamlSequenceNode)file["spec"]["metadata"]).Cast<YamlMappingNode>()
        .Where(field => Text(field, "name") == name).Select(field => Text(field, "value")).SingleOrDefault();

    static YamlMappingNode Yaml(string broker, string name)
    {
        using var text = File.OpenText(SourceTree.Absolute($"components/{broker}/{name}.yaml"));
        var yaml = new YamlStream();
        yaml.Load(text);
        return (YamlMappingNode)Assert.Single(yaml.Documents).RootNode;
    }

    static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;
}
