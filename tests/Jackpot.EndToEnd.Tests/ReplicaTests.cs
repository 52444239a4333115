using System.Net;
using System.Text.Json;

namespace Jackpot.EndToEnd.Tests;

/// <summary>Two processes of one shard: whichever is asked, a key has one answer.</summary>
public sealed class ReplicaTests
{
    const int Keys = 50;
    const int AsksPerReplica = 5;

    [Fact]
    public async Task One_key_sent_to_two_replicas_at_once_is_stored_once_and_answered_the_same_also_after_a_restart()
    {
        await using var cluster = await JackpotCluster.UpAsync("--replicas", "2");
        var replicas = cluster.Replicas("shard-eu-mt-1");
        Assert.Equal(2, replicas.Count);

        var bodies = Enumerable.Range(0, Keys).Select(i => Bets.Json($"storm-{i}")).ToList();
        var answers = await Task.WhenAll(bodies.Select(body => AskAllAsync(cluster, replicas, body)));
        await cluster.KillAsync("shard-eu-mt-1", 0);
        await cluster.KillAsync("shard-eu-mt-1", 1);
        var after = await Task.WhenAll(bodies.Select(body => SendUntilAnsweredAsync(cluster, cluster.Url("gateway-eu-mt"), body)));

        Assert.All(answers, same => Assert.Single(same.Distinct()));
        Assert.Equal(answers.Select(same => same[0]), after);
        Assert.Equal(Keys, after.Select(answer => JsonElement.Parse(answer).GetProperty("sequence").GetInt64()).Distinct().Count());
    }

    static Task<string[]> AskAllAsync(JackpotCluster cluster, IReadOnlyList<Uri> replicas, string body) =>
        Task.WhenAll(Enumerable.Range(0, AsksPerReplica * replicas.Count).Select(i => SendUntilAnsweredAsync(cluster, replicas[i % replicas.Count], body)));

    static async Task<string> SendUntilAnsweredAsync(JackpotCluster cluster, Uri endpoint, string body)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var (status, answer) = await cluster.SendAsync(endpoint, body);
                if (status == HttpStatusCode.OK)
                {
                    return answer;
                }

                Assert.True((int)status >= 500 && attempt < AttemptsMax, $"{status}: {answer}");
            }
            catch (HttpRequestException) when (attempt < AttemptsMax)
            {
                // The replica is being restarted.
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    const int AttemptsMax = 300;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
}
