using System.Net;
using Jackpot.TestKit;

namespace Jackpot.EndToEnd.Tests;

/// <summary>
/// Every unpleasant thing that Dapr may legally do, while bets are played and pools fall: the books balance and every award is paid once.
/// The same switches break the naive handlers of the LocalDapr tests.
/// </summary>
public sealed class FaultTests
{
    const int Bets = 60;
    const int AskAgainMax = 200;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan CutFor = TimeSpan.FromSeconds(2);
    static readonly TimeSpan PayoutDeadline = TimeSpan.FromSeconds(60);
    static readonly TimeSpan StrikeDeadline = TimeSpan.FromSeconds(60);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_fault_of_the_sidecar_costs_a_bet_or_pays_twice()
    {
        await using var cluster = await JackpotCluster.UpAsync("--replicas", "2");
        string[] whileOn =
        [
            "duplicate-message", "redeliver-message", "delay-message", "reorder-message", "activity-twice", "drop-completion", "double-activation",
        ];
        foreach (var kind in whileOn)
        {
            await using (await cluster.FaultAsync(new { kind, probability = 0.5, seed = 7, delayMs = 200, timesMax = 40 }))
            {
                await Task.WhenAll(PlayAsync(cluster, kind), StreamAsync(cluster, kind));

                // Placement is asked every few seconds, beside the bets, so a fault of actors may strike only then; what is played after it must be as sound.
                await Eventually.TrueAsync(async () => await cluster.StruckAsync() > 0, StrikeDeadline, $"{kind} strikes");
                await PlayAsync(cluster, "after-" + kind);
                await AssertStreamedOnceAsync(cluster, kind);
                await AssertPaidOneToOneAsync(cluster, kind);
                await AssertPaidOneToOneAsync(cluster, "after-" + kind);
            }
        }

        await PlayThroughAsync(cluster, new { kind = "cut-app", appId = "shard-eu-mt-1" }, "cut-app");
        await PlayThroughAsync(cluster, new { kind = "pause-placement" }, "pause-placement");
    }

    /// <summary>Bets that find nobody are asked for again; after a while the fault goes and they are answered.</summary>
    static async Task PlayThroughAsync(JackpotCluster cluster, object rule, string name)
    {
        var fault = await cluster.FaultAsync(rule);
        var playing = PlayAsync(cluster, name);
        await Task.WhenAny(playing, Task.Delay(CutFor, Ct));
        await fault.DisposeAsync();
        await playing;
        await AssertPaidOneToOneAsync(cluster, name);
    }

    /// <summary>The messages that a shard gets are streamed bets; each is published alone, so that a fault has many to strike.</summary>
    static async Task StreamAsync(JackpotCluster cluster, string name)
    {
        for (var i = 0; i < Bets; i++)
        {
            var (status, answer) = await cluster.PublishAsync("shard-eu-mt-1", [EndToEnd.Tests.Bets.Json($"streamed-{name}-{i}", "quick-pot-main", player: $"player-{i}")]);
            Assert.True(status == HttpStatusCode.NoContent, $"{(int)status} {answer}");
        }
    }

    static async Task AssertStreamedOnceAsync(JackpotCluster cluster, string name)
    {
        await using var database = cluster.Database("shard_eu_mt_1");
        await using var command = database.CreateCommand("SELECT count(*) FROM contribution WHERE contribution_id LIKE $1");
        command.Parameters.Add(new() { Value = $"c-streamed-{name}-%" });
        await Eventually.TrueAsync(async () => (long)(await command.ExecuteScalarAsync(Ct))! == Bets, StrikeDeadline, $"every bet streamed while {name} was recorded once");
    }

    static Task PlayAsync(JackpotCluster cluster, string name) => Task.WhenAll(Enumerable.Range(0, Bets).Select(async i =>
    {
        // Every tenth bet is large enough to carry the must-drop pool over any threshold.
        var body = EndToEnd.Tests.Bets.Json($"{name}-{i}", "quick-pot-main", amount: i % 10 == 0 ? "400.00" : "2.00", player: $"player-{i}");
        for (var ask = 0; ask < AskAgainMax; ask++)
        {
            var (status, answer) = await cluster.SendAsync(cluster.Replicas("shard-eu-mt-1")[i % 2], body);
            if (status == HttpStatusCode.OK)
            {
                return;
            }

            Assert.True((int)status >= 500, answer);
            await Task.Delay(Pause, Ct);
        }

        throw new InvalidOperationException($"{name}-{i} was never answered.");
    }));

    static async Task AssertPaidOneToOneAsync(JackpotCluster cluster, string name)
    {
        await using var database = cluster.Database("shard_eu_mt_1");
        await Eventually.TrueAsync(async () => await ScalarAsync("SELECT count(*) FROM payout WHERE state <> 'credited'") == 0,
            PayoutDeadline, $"{name}: every payout was credited; the shard's log:\n{cluster.Log("shard-eu-mt-1")}");
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM balancing WHERE difference <> 0 OR increment_difference <> 0 OR reserve_difference <> 0"));
        Assert.Equal(Bets, await ScalarAsync($"SELECT count(*) FROM contribution WHERE contribution_id LIKE 'c-{name}-%'"));

        var list = await cluster.GetAsync(new Uri(cluster.Url("wallet-eu-mt"), "wallet/transactions?limit=1000"));
        var credits = list.GetProperty("transactions").EnumerateArray().Select(row => row.GetProperty("transaction_id").GetString()).ToList();
        Assert.Equal(credits.Count, credits.Distinct().Count());
        Assert.Equal(await ScalarAsync("SELECT count(*) FROM award"), credits.Count);

        async Task<long> ScalarAsync(string sql)
        {
            await using var command = database.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync(Ct))!;
        }
    }
}
