using System.Net;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>The only shard, and the sidecars with the broker in them, die while bets stream in; every bet is recorded once all the same.</summary>
public sealed class StreamCrashTests
{
    static readonly int Streamed = Long.Count(2_500, 50_000);
    const int PerPublish = 50;
    const int PublishTriesMax = 400;
    static readonly string[] Victims = ["shard-eu-mt-1", "localdapr-eu-mt", "shard-eu-mt-1", "shard-eu-mt-1"];
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(Long.Count(3, 30));

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "R51")]
    public async Task Killed_while_bets_stream_in_a_shard_records_each_of_them_once_and_leaves_nothing_in_the_outbox()
    {
        await using var cluster = await JackpotCluster.UpAsync();
        await using var database = cluster.Database("shard_eu_mt_1");
        await using var broker = cluster.Database("dapr_eu_mt");

        var kills = 0;
        var publishing = PublishAllAsync(cluster, () => Volatile.Read(ref kills));
        while (kills < Victims.Length)
        {
            await ReachedAsync(cluster, database, Share(kills + 1));
            Assert.True(await StoredAsync(database) < Streamed, "all bets were stored before the kill");
            await cluster.KillAsync(Victims[kills], 0);
            Interlocked.Increment(ref kills);
        }

        await publishing;
        await ReachedAsync(cluster, database, Streamed);
        await Eventually.TrueAsync(
            async () => await broker.ScalarAsync("SELECT count(*) FROM localdapr.message WHERE topic = 'bets'") == 0, Deadline, "every delivery was answered");

        await database.AssertStoredOnceAsync(Streamed);
        await database.AssertBalancedAsync();
        await Eventually.TrueAsync(async () => await database.ScalarAsync("SELECT count(*) FROM outbox") == 0, Deadline, "the outbox is empty");
    }

    /// <summary>Bets of so many of the equal parts that the kills lie between.</summary>
    static int Share(int parts) => Streamed * parts / (Victims.Length + 1);

    static Task<long> StoredAsync(NpgsqlDataSource database) => database.ScalarAsync("SELECT count(*) FROM contribution");

    static Task ReachedAsync(JackpotCluster cluster, NpgsqlDataSource database, int bets) => Eventually.TrueAsync(
        async () => await StoredAsync(database) >= bets, Deadline, $"{bets} bets were recorded; the shard's log:\n{cluster.Log("shard-eu-mt-1")}");

    /// <summary>
    /// One jackpot that falls all the time and one that does not. What the sidecar may not have taken is published again, as a publisher must. Never more
    /// than half a part beyond the next kill, so that some are on their way at it and some are still to come, however late the kill is.
    /// </summary>
    static async Task PublishAllAsync(JackpotCluster cluster, Func<int> kills)
    {
        var bets = Enumerable.Range(0, Streamed)
            .Select(i => Bets.Json($"streamed-{i}", i % 2 == 0 ? "quick-pot-main" : "euro-spins-main", player: $"player-{i % 97}"));
        foreach (var (number, chunk) in bets.Chunk(PerPublish).Index())
        {
            await Eventually.TrueAsync(() => number * PerPublish < Share(kills() + 1) + Share(1) / 2, Deadline, "the next kill");
            await PublishUntilTakenAsync(cluster, chunk);
        }
    }

    static async Task PublishUntilTakenAsync(JackpotCluster cluster, string[] bets)
    {
        var last = "";
        for (var attempt = 0; attempt < PublishTriesMax; attempt++)
        {
            try
            {
                var (status, answer) = await cluster.PublishAsync("shard-eu-mt-1", bets);
                if (status == HttpStatusCode.NoContent)
                {
                    return;
                }

                last = $"{(int)status} {answer}";
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !Ct.IsCancellationRequested)
            {
                last = e.Message;
            }

            await Task.Delay(Pause, Ct);
        }

        throw new InvalidOperationException($"The sidecar did not take bets in {PublishTriesMax} tries; last: {last}");
    }
}
