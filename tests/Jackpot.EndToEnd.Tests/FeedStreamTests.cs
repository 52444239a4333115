using System.Net;
using System.Text;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>
/// Events in the shapes of both example feeds, with all that streams do to them, while gateways, shards and sidecars die: afterwards the pools show
/// what the generated events alone say, to the micro-unit, and each poison event is kept once.
/// </summary>
public sealed class FeedStreamTests
{
    static readonly int Count = Long.Count(2_000, 500_000);
    const int PerPublish = 100;
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(Long.Count(4, 100));
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>One after the other, each after an equal part of the bets.</summary>
    static readonly string[] Victims = ["gateway-eu-mt", "shard-eu-mt-1", "localdapr-eu-mt", "gateway-uk-gb", "shard-uk-gb-1"];

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "R51")]
    public async Task Through_kills_on_the_local_broker_the_pools_equal_the_sum_of_the_events_and_poison_is_kept_once()
    {
        Assert.SkipUnless(Long.IsAsked, "a stream can stand still after a kill: docs/brokers.md, Not shown yet");
        await using var cluster = await JackpotCluster.UpAsync();
        await ProveAsync(cluster);
    }

    static async Task ProveAsync(JackpotCluster cluster)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("JACKPOT_TEST_SEED"), out var given) ? given : Random.Shared.Next(1_000_000);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}; again with JACKPOT_TEST_SEED={seed}");
        var (aurora, nimbus) = (FeedTraffic.Aurora(seed, Count), FeedTraffic.Nimbus(seed, Count));
        await using var malta = cluster.Database("shard_eu_mt_1");
        await using var britain = cluster.Database("shard_uk_gb_1");

        var kills = 0;
        var publishing = Task.WhenAll(
            PublishAsync(cluster, "gateway-eu-mt", "bets/bets", aurora, () => Volatile.Read(ref kills)),
            PublishAsync(cluster, "gateway-uk-gb", "bets/bets.nimbus?metadata.rawPayload=true", nimbus, () => Volatile.Read(ref kills)));
        foreach (var victim in Victims)
        {
            var after = aurora.Bets * (kills + 1) / (Victims.Length + 2);
            await Eventually.TrueAsync(async () => await StoredAsync(malta) >= after, Deadline, $"seed {seed}: {after} bets before {victim} is killed; the gateway's log:\n{cluster.Log("gateway-eu-mt")}");
            await cluster.KillAsync(victim, 0);
            Interlocked.Increment(ref kills);
        }

        await publishing;
        await AssertAsync(malta, aurora, seed, cluster.Log("gateway-eu-mt"));
        await AssertAsync(britain, nimbus, seed, cluster.Log("gateway-uk-gb"));
    }

    static async Task AssertAsync(NpgsqlDataSource database, FeedTraffic traffic, int seed, string log)
    {
        await Eventually.TrueAsync(async () => await StoredAsync(database) >= traffic.Bets, Deadline, $"seed {seed}: all {traffic.Bets} bets were recorded; the gateway's log:\n{log}");
        await Eventually.TrueAsync(async () => await database.ScalarAsync("SELECT count(*) FROM rejected") >= traffic.Poison, Deadline, $"seed {seed}: all {traffic.Poison} poison events were kept");

        const string Net = "SELECT (SELECT coalesce(sum(contribution), 0) FROM contribution)::bigint - (SELECT coalesce(sum(contribution), 0) FROM void)::bigint";
        await Eventually.TrueAsync(async () => await database.ScalarAsync(Net) == traffic.ContributedMicros - traffic.VoidedMicros, Deadline, $"seed {seed}: what is not taken back is {traffic.ContributedMicros - traffic.VoidedMicros} micro-units");
        Assert.Equal(traffic.Poison, await database.ScalarAsync("SELECT count(*) FROM rejected"));
        await database.AssertBalancedAsync();
    }

    static Task<long> StoredAsync(NpgsqlDataSource database) => database.ScalarAsync("SELECT count(*) FROM contribution");

    /// <summary>Never far beyond the next kill, so that some are on their way at it. What may not have been taken is published again, as a publisher must.</summary>
    static async Task PublishAsync(JackpotCluster cluster, string process, string topic, FeedTraffic traffic, Func<int> kills)
    {
        foreach (var (number, chunk) in traffic.Events.Chunk(PerPublish).Index())
        {
            await Eventually.TrueAsync(() => number * PerPublish < traffic.Events.Count * (kills() + 2) / (Victims.Length + 2), Deadline, "the next kill");
            var body = traffic.Publish(chunk);
            await Eventually.TrueAsync(async () =>
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await cluster.Http.PostAsync(new Uri(cluster.Sidecar(process), $"v1.0/publish/bulk/{topic}"), content, Ct);
                if (answer.StatusCode != HttpStatusCode.NoContent)
                {
                    await Task.Delay(Pause, Ct);
                    throw new InvalidOperationException($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Ct)}");
                }

                return true;
            }, Deadline, $"the sidecar of {process} took events");
        }
    }
}
