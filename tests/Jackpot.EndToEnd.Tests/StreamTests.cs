using System.Net;
using System.Text.Json.Nodes;
using Jackpot.TestKit;

namespace Jackpot.EndToEnd.Tests;

/// <summary>Bets that an operator publishes, through real sidecars and a real broker, into real shards.</summary>
[Collection(ClusterCollection.Name)]
public sealed class StreamTests(ClusterFixture fixture)
{
    const int Bets = 1_000;
    const int PerPublish = 100;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    JackpotCluster Cluster => fixture.Cluster;

    [Fact]
    public async Task A_thousand_streamed_bets_with_duplicates_and_poison_are_recorded_once_each()
    {
        var bets = Enumerable.Range(0, Bets).Select(i => JsonNode.Parse(EndToEnd.Tests.Bets.Json($"stream-{i}", player: $"player-{i % 50}"))!).ToList();

        // Every fifth bet comes twice, some of them over HTTP as well, and between them lies what is no bet at all.
        var published = bets.SelectMany((bet, i) => i % 5 == 0 ? [bet, bet.DeepClone()] : new[] { bet })
            .Append(JsonValue.Create("poison")).Append(JsonNode.Parse("""{"no":"bet"}""")!).ToList();
        foreach (var chunk in published.Chunk(PerPublish))
        {
            await PublishAsync(chunk);
        }

        foreach (var bet in bets.Take(20))
        {
            var (status, body) = await Cluster.SendAsync(Cluster.Url("gateway-eu-mt"), bet.ToJsonString());
            Assert.True(status == HttpStatusCode.OK, body);
        }

        await using var database = Cluster.Database("shard_eu_mt_1");
        await Eventually.TrueAsync(async () => await CountAsync() >= Bets, Deadline, () => "every bet was recorded; the shard's log:\n" + Cluster.Log("shard-eu-mt-1"));
        await Eventually.TrueAsync(TakenAsync, Deadline, "every delivery was answered");
        Assert.Equal(Bets, await CountAsync());

        async Task<long> CountAsync()
        {
            await using var command = database.CreateCommand("SELECT count(*) FROM contribution WHERE contribution_id LIKE 'c-stream-%'");
            return (long)(await command.ExecuteScalarAsync(Ct))!;
        }
    }

    /// <summary>Duplicates are answered like the bets they repeat; the counters tell when all of them have been.</summary>
    async Task<bool> TakenAsync()
    {
        var counted = 0L;
        foreach (var replica in Cluster.Replicas("shard-eu-mt-1"))
        {
            var metrics = await Cluster.Http.GetStringAsync(new Uri(replica, "metrics"), Ct);
            counted += metrics.Split('\n').Where(line => line.StartsWith("jackpot_stream_bets_total{", StringComparison.Ordinal) && !line.Contains("canary", StringComparison.Ordinal))
                .Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        }

        return counted >= Bets + Bets / 5 + 2;
    }

    async Task PublishAsync(IEnumerable<JsonNode> bets)
    {
        var (status, body) = await Cluster.PublishAsync("gateway-eu-mt", bets.Select(bet => bet.ToJsonString()));
        Assert.True(status == HttpStatusCode.NoContent, $"{(int)status} {body}");
    }
}
