using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>Real processes are killed in the middle of their work; the books must not notice.</summary>
public sealed class CrashTests
{
    static readonly int Contributions = Long.Count(5_000, 50_000);
    const int Clients = 16;
    const int KillsOfEach = 4;
    const int TriesMax = 400;
    static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan PayoutDeadline = TimeSpan.FromSeconds(90);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_shards_and_sidecars_lose_nothing_double_nothing_and_pay_every_award_once()
    {
        await using var cluster = await JackpotCluster.UpAsync("--replicas", "2");
        var gateway = cluster.Url("gateway-eu-mt");
        var answers = new ConcurrentDictionary<string, string>();
        var next = -1;

        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < Contributions; i = Interlocked.Increment(ref next))
            {
                answers[$"crash-{i}"] = await SendUntilAnsweredAsync(cluster, gateway, $"crash-{i}", i);
            }
        }, Ct)).ToList();

        await KillNowAndThenAsync(cluster, () => Volatile.Read(ref next));
        await Task.WhenAll(clients);

        await using var database = cluster.Database("shard_eu_mt_1");
        await AssertStoredOnceAsync(database, answers);
        await database.AssertBalancedAsync();
        await AssertPaidOneToOneAsync(cluster, database);
    }

    /// <summary>One jackpot that falls all the time, and one that does not.</summary>
    static string PoolOf(int i) => i % 2 == 0 ? "quick-pot-main" : "euro-spins-main";

    static async Task<string> SendUntilAnsweredAsync(JackpotCluster cluster, Uri gateway, string key, int i)
    {
        var body = Bets.Json(key, PoolOf(i), player: $"player-{i % 97}");
        var last = "";
        for (var attempt = 0; attempt < TriesMax; attempt++)
        {
            try
            {
                var (status, answer) = await cluster.SendAsync(gateway, body);
                if (status == HttpStatusCode.OK)
                {
                    return answer;
                }

                last = $"{(int)status} {answer}";
                Assert.True((int)status >= 500, $"{key}: {last}");
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !Ct.IsCancellationRequested)
            {
                last = e.Message;
            }

            await Task.Delay(RetryPause, Ct);
        }

        throw new InvalidOperationException($"{key} was not answered in {TriesMax} tries; last: {last}");
    }

    /// <summary>Kills a shard replica or the sidecars, evenly over the work, each time after the last victim is back.</summary>
    static async Task KillNowAndThenAsync(JackpotCluster cluster, Func<int> progress)
    {
        const int Kills = 2 * KillsOfEach;
        for (var kill = 0; kill < Kills; kill++)
        {
            var at = Contributions * (kill + 1) / (Kills + 1);
            await Eventually.TrueAsync(() => progress() >= at, TimeSpan.FromMinutes(Long.Count(3, 30)), $"{at} contributions were sent");
            await cluster.KillAsync(kill % 2 == 0 ? "shard-eu-mt-1" : "localdapr-eu-mt", kill / 2);
        }
    }

    static async Task AssertStoredOnceAsync(NpgsqlDataSource database, ConcurrentDictionary<string, string> answers)
    {
        Assert.Equal(Contributions, answers.Count);
        await database.AssertStoredOnceAsync(Contributions);
        await using var command = database.CreateCommand("SELECT contribution_id, sequence FROM contribution");
        await using var reader = await command.ExecuteReaderAsync(Ct);
        while (await reader.ReadAsync(Ct))
        {
            var answer = JsonElement.Parse(answers[reader.GetString(0)["c-".Length..]]);
            Assert.Equal(reader.GetInt64(1), answer.GetProperty("sequence").GetInt64());
        }
    }

    /// <summary>Credits are counted in the wallet's own list.</summary>
    static async Task AssertPaidOneToOneAsync(JackpotCluster cluster, NpgsqlDataSource database)
    {
        await Eventually.TrueAsync(async () => await database.ScalarAsync("SELECT count(*) FROM payout WHERE state <> 'credited'") == 0,
            PayoutDeadline, "every payout was credited; the shard's log:\n" + cluster.Log("shard-eu-mt-1"));
        var awards = new Dictionary<string, decimal>();
        await using var command = database.CreateCommand("SELECT award_id, amount FROM award");
        await using var reader = await command.ExecuteReaderAsync(Ct);
        while (await reader.ReadAsync(Ct))
        {
            awards.Add("payout-" + reader.GetString(0), reader.GetInt64(1) / 1_000_000m);
        }

        var list = await cluster.GetAsync(new Uri(cluster.Url("wallet-eu-mt"), "wallet/transactions?limit=1000"));
        var credits = list.GetProperty("transactions").EnumerateArray()
            .ToDictionary(row => row.GetProperty("transaction_id").GetString()!, row => row.GetProperty("amount").GetDecimal());
        Assert.True(awards.Count >= 10, $"only {awards.Count} awards were made");
        Assert.Equal(awards.OrderBy(pair => pair.Key), credits.OrderBy(pair => pair.Key));
    }
}
