using Jackpot.Gateway.Feeds;
using Jackpot.Gateway.Regions;
using Jackpot.TestKit;

namespace Jackpot.Gateway.Tests.Feeds;

/// <summary>A folder of regions with feeds of a test's own for region north.</summary>
internal sealed class FeedFolder : IDisposable
{
    /// <summary>A feed that nothing is wrong with.</summary>
    public const string Good = """
        {"source":"acme","tenants":["brand-1"],"tenant":"/t","bets":["bet"],"wins":["win"],"rollbacks":["back"],"units":{"*":"minor_units"},
         "bet":{"idempotency_key":"/k","jackpot_id":{"value":"j"},"player_id":"/p","game_id":"/g","round_id":"/r","occurred_at":"/at","amount":"/a","currency":"/c"},
         "rollback":{"jp_contrib_id":"/of","idempotency_key":"/k"}}
        """;

    public string Path { get; } = Directory.CreateTempSubdirectory("jackpot-feeds-").FullName;

    public FeedFolder()
    {
        foreach (var region in new[] { "north", "south" })
        {
            Directory.CreateDirectory(System.IO.Path.Combine(Path, region));
            File.Copy(System.IO.Path.Combine(RepositoryFolder.Root, "tests/Jackpot.Gateway.Tests/Regions/Data", region, "region.json"), System.IO.Path.Combine(Path, region, "region.json"));
        }
    }

    public FeedFolder With(string name, string json)
    {
        File.WriteAllText(System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(Path, "north", "feeds")).FullName, name + ".json"), json);
        return this;
    }

    public FeedDirectory Load() => FeedDirectory.Load(Path, RegionDirectory.Load(new GatewayOptions
    {
        Region = "north", RegionsPath = Path, Shards = new() { ["north-1"] = "http://shard.example", ["north-2"] = "http://shard.example" },
    }));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
