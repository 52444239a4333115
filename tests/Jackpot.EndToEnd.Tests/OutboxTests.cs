using System.Net;
using Jackpot.TestKit;

namespace Jackpot.EndToEnd.Tests;

/// <summary>What the broker has confirmed leaves the shard's tables.</summary>
public abstract class OutboxTests(JackpotCluster cluster)
{
    const int Load = 500;
    const int Clients = 16;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task After_a_load_the_outbox_is_empty()
    {
        await using var database = cluster.Database("shard_eu_mt_1");
        var before = await PublishedAsync();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Load), new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = TestContext.Current.CancellationToken }, async (i, _) =>
            {
                var (status, body) = await cluster.SendAsync(
                    cluster.Url("gateway-eu-mt"), Bets.Json($"load-{i}", i % 2 == 0 ? "quick-pot-main" : "euro-spins-main", player: $"player-{i % 50}"));
                Assert.True(status == HttpStatusCode.OK, body);
            });

        await Eventually.TrueAsync(async () => await database.ScalarAsync("SELECT count(*) FROM outbox") == 0, Deadline,
            "the outbox is empty; the shard's log:\n" + cluster.Log("shard-eu-mt-1"));
        Assert.True(await PublishedAsync() > before, "nothing was published");
    }

    /// <summary>Rows that went through the outbox.</summary>
    async Task<double> PublishedAsync()
    {
        var metrics = await cluster.Http.GetStringAsync(new Uri(cluster.Url("shard-eu-mt-1"), "metrics"), TestContext.Current.CancellationToken);
        return metrics.Split('\n').Where(line => line.StartsWith("jackpot_outbox_rows_published_total", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }
}

[Collection(ClusterCollection.Name)]
public sealed class OutboxOnLocalBrokerTests(ClusterFixture fixture) : OutboxTests(fixture.Cluster);

[Collection(RabbitClusterCollection.Name)]
public sealed class OutboxOnRabbitTests(RabbitClusterFixture fixture) : OutboxTests(fixture.Cluster);
