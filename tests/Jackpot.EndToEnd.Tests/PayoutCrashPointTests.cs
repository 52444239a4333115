using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Jackpot.LocalProcesses;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>
/// A shard dies between two steps of a payout, at every place where what it has done and what it has noted differ; each award is credited once all the same.
/// One cluster lives through all of them, and what one death left is paid while the next is prepared.
/// </summary>
public sealed class PayoutCrashPointTests
{
    const string Shard = "shard-eu-mt-1";
    const string Sidecars = "localdapr-eu-mt";
    const string Crediting = "crediting";
    const string Credited = "credited";

    /// <summary>Who gets a part of what another player drops.</summary>
    static readonly string[] Sharers = ["during-batch-credit-1", "during-batch-credit-2"];

    static readonly TimeSpan ReachDeadline = TimeSpan.FromSeconds(60);
    static readonly TimeSpan PaidDeadline = TimeSpan.FromSeconds(Long.IsAsked ? 60 : 120);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wherever_a_shard_dies_between_two_steps_of_a_payout_the_winner_is_credited_once()
    {
        await using var cluster = await JackpotCluster.UpAsync();
        await using var shard = cluster.Database("shard_eu_mt_1");
        await PayTwiceWhatComesTwiceAsync(cluster);
        (string Point, Func<JackpotCluster, NpgsqlDataSource, string, Task> DieAsync)[] points =
        [
            ("after-trigger-commit-before-publish", AfterTriggerCommitAsync),
            ("after-workflow-start-before-first-save", AfterWorkflowStartAsync),
            ("after-wallet-credit-before-record", AfterWalletCreditAsync),
            ("after-record-before-event", AfterRecordAsync),
            ("during-batch-credit", DuringBatchCreditAsync),
            ("on-resume-after-hold", OnResumeAsync),
        ];
        foreach (var (point, dieAsync) in points)
        {
            await dieAsync(cluster, shard, point);
        }

        await Eventually.TrueAsync(
            async () => await shard.ScalarAsync("SELECT count(*) FROM payout WHERE state <> 'credited'") == 0, PaidDeadline,
            $"every payout is credited; the shard's log:\n{cluster.Log(Shard)}");
        await Eventually.TrueAsync(async () => await shard.ScalarAsync("SELECT count(*) FROM outbox") == 0, PaidDeadline, "every event is published");
        string[] winners = [.. points.Select(one => one.Point), .. Sharers];
        Assert.Equal(winners.Length, await shard.ScalarAsync("SELECT count(*) FROM payout"));
        var credits = (await cluster.GetAsync(new Uri(cluster.Url("wallet-eu-mt"), "wallet/transactions?limit=1000"))).GetProperty("transactions").EnumerateArray().ToList();
        Assert.Equal(winners.Order(), credits.Select(row => row.GetProperty("player_id").GetString()).Order());
        Assert.All(credits, credit => Assert.Equal("done", credit.GetProperty("status").GetString()));
        await shard.AssertBalancedAsync();
    }

    /// <summary>The wallet does not hide a credit that is sent twice.</summary>
    static async Task PayTwiceWhatComesTwiceAsync(JackpotCluster cluster)
    {
        using var response = await cluster.Http.PutAsJsonAsync(new Uri(cluster.Url("wallet-eu-mt"), "wallet-admin/flaws"), new { flaws = new[] { "applies_repetitions" } }, Ct);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ct));
    }

    /// <summary>Nobody has heard of the drop but the tables: sidecars that stand still take neither the saga's start nor an event, and forget both as they die.</summary>
    static async Task AfterTriggerCommitAsync(JackpotCluster cluster, NpgsqlDataSource shard, string player)
    {
        cluster.Signal(Sidecars, UnixSignal.Stop);
        await DropAsync(cluster, player);
        Assert.Equal(1, await shard.ScalarAsync($"SELECT count(*) FROM payout WHERE player_id = '{player}' AND state = 'requested'"));
        await cluster.KillAsync(Shard, 0);
        await cluster.KillAsync(Sidecars, 0);
    }

    static async Task AfterWorkflowStartAsync(JackpotCluster cluster, NpgsqlDataSource shard, string player)
    {
        await using var point = await CrashPoint.BeforeAsync(shard, player, Crediting);
        await DropAsync(cluster, player);
        await DieAtAsync(cluster, point, player);
        Assert.Equal(0, await CreditsAsync(cluster, player));
    }

    static async Task AfterWalletCreditAsync(JackpotCluster cluster, NpgsqlDataSource shard, string player)
    {
        await using var point = await CrashPoint.BeforeAsync(shard, player, Credited);
        await DropAsync(cluster, player);
        await DieAtAsync(cluster, point, player);
        Assert.Equal(1, await CreditsAsync(cluster, player));
        Assert.Equal(1, await shard.ScalarAsync($"SELECT count(*) FROM payout WHERE player_id = '{player}' AND state = '{Crediting}'"));
    }

    /// <summary>The credit is recorded, but no sidecar takes the event, nor hears that the activity is done.</summary>
    static async Task AfterRecordAsync(JackpotCluster cluster, NpgsqlDataSource shard, string player)
    {
        await using (var point = await CrashPoint.BeforeAsync(shard, player, Credited))
        {
            await DropAsync(cluster, player);
            await Eventually.TrueAsync(point.IsReachedAsync, ReachDeadline, $"{player} is reached");
            cluster.Signal(Sidecars, UnixSignal.Stop);
            await point.LetGoAsync();
            await Eventually.TrueAsync(
                async () => await shard.ScalarAsync($"SELECT count(*) FROM payout WHERE player_id = '{player}' AND state = '{Credited}'") == 1, ReachDeadline, "the credit is recorded");
        }

        Assert.True(await shard.ScalarAsync("SELECT count(*) FROM outbox WHERE kind = 'jp.payout.credited'") > 0, "the event was published before the shard died");
        await cluster.KillAsync(Shard, 0);
        await cluster.KillAsync(Sidecars, 0);
    }

    /// <summary>The wallet has credited a whole community, and only some rows say so: who was recorded first is nobody's choice, so the first to be recorded stops it.</summary>
    static async Task DuringBatchCreditAsync(JackpotCluster cluster, NpgsqlDataSource shard, string player)
    {
        await CreateShareJackpotAsync(cluster);
        foreach (var sharer in Sharers)
        {
            var (status, body) = await cluster.SendAsync(cluster.Url("gateway-eu-mt"), Bets.Json(sharer, "crash-pot-main", player: sharer));
            Assert.True(status == HttpStatusCode.OK, body);
        }

        await using var point = await CrashPoint.BeforeAsync(shard, Sharers[0], Credited);
        await DropAsync(cluster, player, "crash-pot-main", "900.00");
        await DieAtAsync(cluster, point, player);
        Assert.Equal(1, await CreditsAsync(cluster, Sharers[0]));
        Assert.Equal(1, await CreditsAsync(cluster, Sharers[1]));
        Assert.Equal(1, await shard.ScalarAsync($"SELECT count(*) FROM payout WHERE player_id = '{Sharers[0]}' AND state = '{Crediting}'"));
    }

    static async Task CreateShareJackpotAsync(JackpotCluster cluster)
    {
        const string Definition = """
            {"jackpot_id":"crash-pot","name":"Of a test","shard":"eu-mt-1","currency":"EUR","tenants":["brand-42"],
             "pools":[{"pool_id":"crash-pot-main","contribution_ppm":20000,"reserve_ppm":0,"seed":25.01,"trigger":{"kind":"must_drop_by_amount","min":30.00,"max":40.00},
                       "community":[{"kind":"top_of_cycle","share_ppm":200000,"winners_max":2}]}]}
            """;
        await Eventually.TrueAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(cluster.Url(Shard), "v1/admin/jackpots/crash-pot")) { Content = new StringContent(Definition, System.Text.Encoding.UTF8, "application/json") };
            request.Headers.Add("X-Person", "anna");
            try
            {
                using var response = await cluster.Http.SendAsync(request, Ct);
                Assert.True(response.IsSuccessStatusCode || (int)response.StatusCode >= 500, await response.Content.ReadAsStringAsync(Ct));
                return response.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                // The shard that died before is not back yet.
                return false;
            }
        }, ReachDeadline, "the jackpot is created");
    }

    /// <summary>The player is excluded between drop and payment, two people overrule it, and the shard dies as the saga goes on.</summary>
    static async Task OnResumeAsync(JackpotCluster cluster, NpgsqlDataSource shard, string player)
    {
        await using var first = await CrashPoint.BeforeAsync(shard, player, Crediting);
        var award = await DropAsync(cluster, player);
        await Eventually.TrueAsync(first.IsReachedAsync, ReachDeadline, "the saga is about to credit");
        await StandAsync(cluster, player, "self_excluded");
        await first.LoseAsync();
        await first.LetGoAsync();
        await Eventually.TrueAsync(
            async () => await shard.ScalarAsync($"SELECT count(*) FROM payout WHERE player_id = '{player}' AND hold_cause = 'check_failed'") == 1, ReachDeadline,
            $"the payout is held; the shard's log:\n{cluster.Log(Shard)}");

        await using var point = await CrashPoint.BeforeAsync(shard, player, Crediting);
        var order = await PostAsync(cluster, $"v1/admin/payouts/payout-{award}/orders", "anna", new { action = "resume", why = "the exclusion was a mistake" });
        await PostAsync(cluster, $"v1/admin/payout-orders/{order.GetProperty("order_id").GetInt64()}/approve", "ben", new { why = "seen" });
        await DieAtAsync(cluster, point, player);
    }

    static async Task DieAtAsync(JackpotCluster cluster, CrashPoint point, string name)
    {
        await Eventually.TrueAsync(point.IsReachedAsync, ReachDeadline, $"{name} is reached; the shard's log:\n{cluster.Log(Shard)}");
        await cluster.KillAsync(Shard, 0);
        await point.LoseAsync();
    }

    static async Task<string> DropAsync(JackpotCluster cluster, string player, string pool = "quick-pot-main", string amount = "400.00")
    {
        var (award, body) = ("", Bets.Json(player, pool, amount: amount, player: player));
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                var (status, answer) = await cluster.SendAsync(cluster.Url("gateway-eu-mt"), body);
                Assert.True(status == HttpStatusCode.OK || (int)status >= 500, answer);
                award = status == HttpStatusCode.OK ? JsonElement.Parse(answer).GetProperty("awards").EnumerateArray().Single().GetProperty("award_id").GetString()! : "";
            }
            catch (HttpRequestException)
            {
                // The shard that died before is not back yet.
            }

            return award.Length > 0;
        }, ReachDeadline, $"the bet of {player} is answered");
        return award;
    }

    static async Task<int> CreditsAsync(JackpotCluster cluster, string player) =>
        (await cluster.GetAsync(new Uri(cluster.Url("wallet-eu-mt"), "wallet/transactions?limit=1000"))).GetProperty("transactions").EnumerateArray()
            .Count(row => row.GetProperty("player_id").GetString() == player);

    static async Task StandAsync(JackpotCluster cluster, string player, string standing)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(cluster.Url(Shard), $"v1/players/{player}/standing")) { Content = JsonContent.Create(new { standing }) };
        request.Headers.Add("X-Tenant-Id", Bets.Tenant);
        using var response = await cluster.Http.SendAsync(request, Ct);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ct));
    }

    static async Task<JsonElement> PostAsync(JackpotCluster cluster, string path, string person, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(cluster.Url(Shard), path)) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Person", person);
        using var response = await cluster.Http.SendAsync(request, Ct);
        var answer = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonElement.Parse(answer);
    }
}
