using System.Diagnostics;
using System.Globalization;
using System.Net;
using Jackpot.LocalProcesses;
using Jackpot.TestKit;

namespace Jackpot.EndToEnd.Tests;

/// <summary>A shard does not answer for long: its streamed bets wait for it, and those of its neighbours do not.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ShardAwayTests(ClusterFixture fixture)
{
    static readonly TimeSpan Away = TimeSpan.FromSeconds(Long.Count(10, 600));
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);
    const int PerRound = 20;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    JackpotCluster Cluster => fixture.Cluster;

    [Fact]
    public Task While_a_shard_is_away_its_bets_wait_for_it_and_all_others_go_on() => ProveAsync("away", () => Task.CompletedTask, "waiting");

    /// <summary>A gateway that was started meanwhile does not know whether anything waits on the shard's topic, or is lost there.</summary>
    [Fact]
    public Task While_a_shard_is_away_a_gateway_that_was_started_since_holds_nobody_up_either() => ProveAsync("unknown", () => Cluster.KillAsync("gateway-eu-mt", 0), "round");

    async Task ProveAsync(string name, Func<Task> meanwhile, string outcome)
    {
        await using var here = Cluster.Database("shard_eu_mt_1");
        await using var away = Cluster.Database("shard_eu_mt_2");
        await WaitingTopicIsKnownAsync();
        var sent = 0;
        var slowest = TimeSpan.Zero;
        Cluster.Signal("shard-eu-mt-2", UnixSignal.Stop);
        try
        {
            await meanwhile();
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < Away)
            {
                await PublishAsync(sent, "brand-43", "triple-mini", name);
                await PublishAsync(sent, "brand-42", "euro-spins-main", name);
                sent += PerRound;
                var round = Stopwatch.StartNew();
                await Eventually.TrueAsync(async () => await CountAsync(here, name, "brand-42") == sent, Deadline, () => $"the other shard's {sent} bets were recorded; the gateway's log:\n{Cluster.Log("gateway-eu-mt")}");
                slowest = round.Elapsed > slowest ? round.Elapsed : slowest;
            }

            Assert.Equal(0, await CountAsync(away, name, "brand-43"));
        }
        finally
        {
            Cluster.Signal("shard-eu-mt-2", UnixSignal.Continue);
        }

        await Eventually.TrueAsync(async () => await CountAsync(away, name, "brand-43") == sent, Deadline, $"all {sent} bets of the shard that was away were recorded");
        Assert.Equal(sent, await CountAsync(here, name, "brand-42"));
        Assert.True(await OutcomesAsync(outcome) > 0);

        // Two seconds for the first delivery, and what a busy machine adds; not the time that the shard was away.
        Assert.True(slowest < TimeSpan.FromSeconds(8), $"the other shard's bets waited {slowest}");
    }

    /// <summary>The gateway uses a waiting topic once its shard has said that it works.</summary>
    Task WaitingTopicIsKnownAsync() => Eventually.TrueAsync(async () =>
    {
        await PublishAsync(-PerRound, "brand-43", "triple-mini", "known");
        return (await GatewayMetricsAsync()).Contains("gateway_stream_waiting_topic{shard=\"eu-mt-2\"} 1", StringComparison.Ordinal);
    }, Deadline, "the gateway knew that the shard's waiting topic works");

    async Task PublishAsync(int from, string tenant, string pool, string name)
    {
        var (status, body) = await Cluster.PublishAsync(
            "gateway-eu-mt", Enumerable.Range(from, PerRound).Select(i => Bets.Json($"{name}-{tenant}-{i}", pool, tenant: tenant, player: $"player-{i}")));
        Assert.True(status == HttpStatusCode.NoContent, $"{(int)status} {body}");
    }

    static async Task<long> CountAsync(Npgsql.NpgsqlDataSource database, string name, string tenant) =>
        await database.ScalarAsync($"SELECT count(*) FROM contribution WHERE contribution_id LIKE 'c-{name}-{tenant}-%'");

    async Task<long> OutcomesAsync(string outcome)
    {
        var metrics = await GatewayMetricsAsync();
        return metrics.Split('\n').Where(line => line.StartsWith($"gateway_stream_events_total{{outcome=\"{outcome}\"}}", StringComparison.Ordinal))
            .Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    Task<string> GatewayMetricsAsync() => Cluster.Http.GetStringAsync(new Uri(Cluster.Url("gateway-eu-mt"), "metrics"), Ct);
}
