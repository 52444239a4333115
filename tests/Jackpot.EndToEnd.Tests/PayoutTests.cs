using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Jackpot.TestKit;

namespace Jackpot.EndToEnd.Tests;

/// <summary>A wallet that misbehaves in every way that real ones do still pays each award once, or holds it with its reason.</summary>
public abstract class PayoutTests(JackpotCluster cluster)
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    JackpotCluster Cluster => cluster;

    [Theory]
    [InlineData("timeout_before_effect")]
    [InlineData("timeout_after_effect")]
    [InlineData("error_after_effect")]
    [InlineData("reset_after_effect")]
    [InlineData("slow")]
    [InlineData("answer_about_another")]
    public async Task An_answer_that_got_lost_is_asked_for_again_and_the_winner_is_paid_once(string fault)
    {
        await FaultAsync(new { kind = fault, count = 1, delay_ms = 6_000, reason = "" });

        var award = await DropAsync();

        await StateAsync(award, "credited");
        Assert.Single(await CreditsAsync(award));
    }

    [Fact]
    public async Task A_refused_payout_is_held_with_its_reason_and_nothing_is_paid()
    {
        await FaultAsync(new { kind = "refuse", count = 1, delay_ms = 0, reason = "player_closed" });

        var award = await DropAsync();

        var payout = await StateAsync(award, "held");
        Assert.Equal("player_closed", payout.GetProperty("reason").GetString());
        Assert.DoesNotContain(await CreditsAsync(award), row => row.GetProperty("status").GetString() == "done");
    }

    async Task FaultAsync(object fault)
    {
        using var response = await Cluster.Http.PostAsJsonAsync(new Uri(Cluster.Url("wallet-eu-mt"), "wallet-admin/faults"), fault, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>One bet large enough to carry the pool over any threshold it can have.</summary>
    async Task<string> DropAsync()
    {
        var (status, body) = await Cluster.SendAsync(Cluster.Url("gateway-eu-mt"), Bets.Json(Guid.NewGuid().ToString(), "quick-pot-main", amount: "400.00"));
        Assert.True(status == HttpStatusCode.OK, body);
        return JsonElement.Parse(body).GetProperty("awards").EnumerateArray().Single().GetProperty("award_id").GetString()!;
    }

    async Task<JsonElement> StateAsync(string award, string wanted)
    {
        JsonElement payout = default;
        await Eventually.TrueAsync(async () =>
        {
            payout = (await Cluster.GetAsync(new Uri(Cluster.Url("gateway-eu-mt"), "v1/awards/" + award), Bets.Tenant)).GetProperty("payout");
            return payout.GetProperty("state").GetString() == wanted;
        }, Deadline, $"the payout is {wanted}; the shard's log:\n{Cluster.Log("shard-eu-mt-1")}");
        return payout;
    }

    async Task<List<JsonElement>> CreditsAsync(string award)
    {
        var list = await Cluster.GetAsync(new Uri(Cluster.Url("wallet-eu-mt"), "wallet/transactions?limit=1000"));
        return [.. list.GetProperty("transactions").EnumerateArray().Where(row => row.GetProperty("transaction_id").GetString() == "payout-" + award)];
    }
}

[Collection(ClusterCollection.Name)]
public sealed class PayoutOnPostgresTests(ClusterFixture fixture) : PayoutTests(fixture.Cluster);

[Collection(RabbitClusterCollection.Name)]
public sealed class PayoutOnRabbitTests(RabbitClusterFixture fixture) : PayoutTests(fixture.Cluster);
