using System.Net;
using System.Text;
using Jackpot.TestKit;
using Jackpot.TestKit.Servers;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>
/// Events in the shapes of both example feeds, with all that streams do to them, while gateways, shards and sidecars die: afterwards the pools show
/// what the generated events alone say, to the micro-unit, and each poison event is kept once.
/// </summary>
public sealed class FeedStreamTests(RabbitFixture rabbit) : IClassFixture<RabbitFixture>
{
    static readonly int Count = Long.Count(2_000, 500_000);
    const int PerPublish = 100;
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(Long.Count(1, 100));
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    static readonly (string Process, string Topic) Malta = ("gateway-eu-mt", "bets/bets");
    static readonly (string Process, string Topic) Britain = ("gateway-uk-gb", "bets/bets.nimbus?metadata.rawPayload=true");

    /// <summary>One after the other, each after an equal part of the bets.</summary>
    static readonly string[] Victims = ["gateway-eu-mt", "shard-eu-mt-1", "localdapr-eu-mt", "gateway-uk-gb", "shard-uk-gb-1"];

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "R51")]
    public async Task Through_kills_on_the_local_broker_the_pools_equal_the_sum_of_the_events_and_poison_is_kept_once()
    {
        await using var cluster = await JackpotCluster.UpAsync();
        await ProveAsync(cluster);
    }

    [Fact]
    [Trait("Rule", "R51")]
    public async Task Through_kills_on_RabbitMQ_the_pools_equal_the_sum_of_the_events_and_poison_is_kept_once()
    {
        Needs.Program(LocalProcesses.Programs.NeededProgram.PostgreSql);
        rabbit.Source.SkipIfMissing();
        await using var cluster = await JackpotCluster.UpOnRabbitAsync(await rabbit.CreatePlacesAsync("eu-mt", "uk-gb", "network"));
        await ProveAsync(cluster);
    }

    static async Task ProveAsync(JackpotCluster cluster)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("JACKPOT_TEST_SEED"), out var given) ? given : Random.Shared.Next(1_000_000);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}; again with JACKPOT_TEST_SEED={seed}");
        var (aurora, nimbus) = (FeedTraffic.Aurora(seed, Count), FeedTraffic.Nimbus(seed, Count));
        await using var malta = cluster.Database("shard_eu_mt_1");
        await using var britain = cluster.Database("shard_uk_gb_1");

        await Task.WhenAll(OpenAsync(cluster, Malta, aurora, malta), OpenAsync(cluster, Britain, nimbus, britain));

        var kills = 0;
        var publishing = Task.WhenAll(
            PublishAsync(cluster, Malta, aurora, () => Volatile.Read(ref kills)),
            PublishAsync(cluster, Britain, nimbus, () => Volatile.Read(ref kills)));
        foreach (var victim in Victims)
        {
            var after = aurora.Opening.Count + ((aurora.Bets - aurora.Opening.Count) * (kills + 1) / (Victims.Length + 2));
            await Eventually.TrueAsync(async () => await StoredAsync(malta) >= after, Deadline, () => $"seed {seed}: {after} bets before {victim} is killed; {Logs(cluster, "eu-mt")}");
            await cluster.KillAsync(victim, 0);
            Interlocked.Increment(ref kills);
        }

        await publishing;
        await AssertAsync(malta, aurora, seed, () => Logs(cluster, "eu-mt"));
        await AssertAsync(britain, nimbus, seed, () => Logs(cluster, "uk-gb"));
    }

    static async Task AssertAsync(NpgsqlDataSource database, FeedTraffic traffic, int seed, Func<string> logs)
    {
        await Eventually.TrueAsync(async () => await StoredAsync(database) >= traffic.Bets, Deadline, () => $"seed {seed}: all {traffic.Bets} bets were recorded; {logs()}");
        await Eventually.TrueAsync(async () => await database.ScalarAsync("SELECT count(*) FROM rejected") >= traffic.Poison, Deadline, $"seed {seed}: all {traffic.Poison} poison events were kept");

        const string Net = "SELECT (SELECT coalesce(sum(contribution), 0) FROM contribution)::bigint - (SELECT coalesce(sum(contribution), 0) FROM void)::bigint";
        await Eventually.TrueAsync(async () => await database.ScalarAsync(Net) == traffic.ContributedMicros - traffic.VoidedMicros, Deadline, $"seed {seed}: what is not taken back is {traffic.ContributedMicros - traffic.VoidedMicros} micro-units");
        Assert.Equal(traffic.Poison, await database.ScalarAsync("SELECT count(*) FROM rejected"));
        await database.AssertBalancedAsync();
    }

    /// <summary>What the processes of a region's stream have said last, and what they have counted.</summary>
    static string Logs(JackpotCluster cluster, string region) => string.Join('\n', new[] { "gateway-" + region, "localdapr-" + region, $"shard-{region}-1" }.Select(process =>
        $"the last of {process}:\n{cluster.Log(process)}{(process.StartsWith("localdapr", StringComparison.Ordinal) ? "" : Counted(cluster, process))}"));

    static string Counted(JackpotCluster cluster, string process)
    {
        try
        {
            var metrics = cluster.Http.GetStringAsync(new Uri(cluster.Url(process), "metrics"), Ct).GetAwaiter().GetResult();
            return string.Join('\n', metrics.Split('\n').Where(line => line.Contains("_stream_", StringComparison.Ordinal) || line.StartsWith("http_server_active", StringComparison.Ordinal)));
        }
        catch (HttpRequestException away)
        {
            return away.Message;
        }
    }

    static Task<long> StoredAsync(NpgsqlDataSource database) => database.ScalarAsync("SELECT count(*) FROM contribution");

    static async Task OpenAsync(JackpotCluster cluster, (string Process, string Topic) way, FeedTraffic traffic, NpgsqlDataSource database)
    {
        foreach (var chunk in traffic.Opening.Chunk(PerPublish))
        {
            await PublishAsync(cluster, way, traffic, chunk);
        }

        await Eventually.TrueAsync(async () => await StoredAsync(database) == traffic.Opening.Count, Deadline, () => $"the first {traffic.Opening.Count} bets were recorded; {Logs(cluster, way.Process["gateway-".Length..])}");
    }

    /// <summary>Never far beyond the next kill, so that some are on their way at it.</summary>
    static async Task PublishAsync(JackpotCluster cluster, (string Process, string Topic) way, FeedTraffic traffic, Func<int> kills)
    {
        foreach (var (number, chunk) in traffic.Events.Chunk(PerPublish).Index())
        {
            await Eventually.TrueAsync(() => number * PerPublish < traffic.Events.Count * (kills() + 2) / (Victims.Length + 2), Deadline, "the next kill");
            await PublishAsync(cluster, way, traffic, chunk);
        }
    }

    /// <summary>What may not have been taken is published again, as a publisher must.</summary>
    static async Task PublishAsync(JackpotCluster cluster, (string Process, string Topic) way, FeedTraffic traffic, FeedEvent[] chunk)
    {
        var body = traffic.Publish(chunk);
        await Eventually.TrueAsync(async () =>
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await cluster.Http.PostAsync(new Uri(cluster.Sidecar(way.Process), $"v1.0/publish/bulk/{way.Topic}"), content, Ct);
            if (answer.StatusCode != HttpStatusCode.NoContent)
            {
                await Task.Delay(Pause, Ct);
                throw new InvalidOperationException($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Ct)}");
            }

            return true;
        }, Deadline, $"the sidecar of {way.Process} took events");
    }
}
