using System.Net;
using System.Text;
using System.Text.Json;
using Jackpot.TestKit;

namespace Jackpot.EndToEnd.Tests;

/// <summary>Awards with several winners over real processes: each is paid once, and all that they get is the award.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SharedAwardTests(ClusterFixture fixture)
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    JackpotCluster Cluster => fixture.Cluster;

    Uri Gateway => Cluster.Url("gateway-eu-mt");

    [Fact]
    public async Task Two_winners_that_a_game_names_are_each_paid_their_half_once()
    {
        await FoundAsync("bad-beat", """{"kind":"external","winners_must_have_contributed":false}""", "");
        const string Call = """
            {"trigger_id":"bad-beat-1","pool_id":"bad-beat-main","tenant_id":"brand-42",
             "winners":[{"player_id":"beaten","game_id":"poker","round_id":"hand-9"},{"player_id":"beater","game_id":"poker","round_id":"hand-9"}]}
            """;

        var (status, first) = await Cluster.SendAsync(Gateway, Call, path: "v1/jp/triggers");
        Assert.True(status == HttpStatusCode.OK, first);
        Assert.Equal((HttpStatusCode.OK, first), await Cluster.SendAsync(Gateway, Call, path: "jackpot/bad-beat/award"));

        var award = JsonElement.Parse(first).GetProperty("award").GetProperty("award_id").GetString()!;
        await AssertPaidAsync(award, 2);
        Assert.Equal(
            [("beaten", 12.51m), ("beater", 12.50m)],
            (await CreditsAsync(award)).OrderBy(row => row.GetProperty("player_id").GetString())
                .Select(row => (row.GetProperty("player_id").GetString()!, row.GetProperty("amount").GetDecimal())));
    }

    [Fact]
    public async Task A_community_is_paid_with_whoever_drops_the_pool()
    {
        await FoundAsync("share-pot", """{"kind":"must_drop_by_amount","min":30.00,"max":40.00}""",
            ""","community":[{"kind":"among_active","share_ppm":300000,"winners_max":5,"hours":1},{"kind":"top_of_cycle","share_ppm":200000,"winners_max":2}]""");
        for (var i = 0; i < 12; i++)
        {
            var (taken, body) = await Cluster.SendAsync(Gateway, Bets.Json($"share-{i}", "share-pot-main", amount: $"{i + 1}.00", player: $"sharer-{i}"));
            Assert.True(taken == HttpStatusCode.OK, body);
        }

        var (status, answer) = await Cluster.SendAsync(Gateway, Bets.Json("share-drop", "share-pot-main", amount: "900.00", player: "dropper"));
        Assert.True(status == HttpStatusCode.OK, answer);

        var award = JsonElement.Parse(answer).GetProperty("awards").EnumerateArray().Single().GetProperty("award_id").GetString()!;
        await AssertPaidAsync(award, 8);
        var credits = await CreditsAsync(award);
        Assert.Equal("dropper", credits.Single(row => row.GetProperty("transaction_id").GetString() == "payout-" + award).GetProperty("player_id").GetString());
        Assert.Contains(credits, row => row.GetProperty("player_id").GetString() == "sharer-11");
    }

    /// <summary>Every payout was credited, and the wallet's own list has one credit of the same amount to the same player for each, and no other.</summary>
    async Task AssertPaidAsync(string award, int winners)
    {
        JsonElement view = default;
        await Eventually.TrueAsync(async () =>
        {
            view = await Cluster.GetAsync(new Uri(Gateway, "v1/awards/" + award), Bets.Tenant);
            return view.GetProperty("payouts").EnumerateArray().All(payout => payout.GetProperty("state").GetString() == "credited");
        }, Deadline, "every payout was credited; the shard's log:\n" + Cluster.Log("shard-eu-mt-1"));
        var payouts = view.GetProperty("payouts").EnumerateArray().ToList();
        Assert.Equal(winners, payouts.Count);
        Assert.Equal(view.GetProperty("amount").GetProperty("amount").GetDecimal(), payouts.Sum(payout => payout.GetProperty("amount").GetProperty("amount").GetDecimal()));
        Assert.Equal(
            payouts.Select(payout => (Text(payout, "payout_id"), Text(payout, "player_id"), payout.GetProperty("amount").GetProperty("amount").GetDecimal())).Order(),
            (await CreditsAsync(award)).Select(row => (Text(row, "transaction_id"), Text(row, "player_id"), row.GetProperty("amount").GetDecimal())).Order());
    }

    async Task<List<JsonElement>> CreditsAsync(string award)
    {
        var list = await Cluster.GetAsync(new Uri(Cluster.Url("wallet-eu-mt"), "wallet/transactions?limit=1000"));
        return [.. list.GetProperty("transactions").EnumerateArray().Where(row => Text(row, "transaction_id").StartsWith("payout-" + award, StringComparison.Ordinal))];
    }

    static string Text(JsonElement row, string property) => row.GetProperty(property).GetString()!;

    /// <summary>A pool of EUR 25.01 that takes 2 % of a bet.</summary>
    async Task FoundAsync(string id, string trigger, string more)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(Cluster.Replicas("shard-eu-mt-1")[0], "v1/admin/jackpots/" + id))
        {
            Content = new StringContent($$"""
                {"jackpot_id":"{{id}}","name":"Of a test","shard":"eu-mt-1","currency":"EUR","tenants":["brand-42"],
                 "pools":[{"pool_id":"{{id}}-main","contribution_ppm":20000,"reserve_ppm":0,"seed":25.01,"trigger":{{trigger}}{{more}}}]}
                """, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Person", "anna");
        using var response = await Cluster.Http.SendAsync(request, Ct);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ct));
    }
}
