using System.Net;
using System.Text.Json;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit;
using static Jackpot.Shard.Tests.Changes.StaffSteps;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>Payouts that wait for people: seen, claimed, ordered by one and decided by another.</summary>
public sealed class HeldPayoutTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const long Euro = 1_000_000;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_held_payout_is_listed_until_it_is_decided_and_its_story_tells_every_step()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        using var wallet = Refusing();
        var payout = await HeldAsync(ledger, wallet);

        var listed = Assert.Single((await endpoints.GetAsync("/v1/admin/payouts")).Is(200).GetProperty("payouts").EnumerateArray());
        Assert.Equal((payout, "held", "wallet_refused", "no such player", false), (Text(listed, "payout_id"), Text(listed, "state"), Text(listed, "cause"), Text(listed, "reason"), listed.GetProperty("in_doubt").GetBoolean()));
        Assert.Empty((await endpoints.GetAsync("/v1/admin/payouts?cause=large_award")).Is(200).GetProperty("payouts").EnumerateArray());
        Assert.Empty((await endpoints.GetAsync("/v1/admin/payouts?age_min=60")).Is(200).GetProperty("payouts").EnumerateArray());
        (await endpoints.GetAsync("/v1/admin/payouts?state=credited")).IsProblem(422, "field-invalid");
        (await endpoints.GetAsync("/v1/admin/payouts/payout-nowhere")).IsProblem(404, "not-found");

        (await endpoints.PostAsync($"/v1/admin/payouts/{payout}/claim", null, Author)).Is(200);
        (await endpoints.PostAsync($"/v1/admin/payouts/{payout}/unclaim", null, Other)).IsProblem(409, "not-in-this-state");
        (await endpoints.PostAsync($"/v1/admin/payouts/{payout}/notes", """{"text":"the operator was called"}""", Author)).Is(200);
        await DecideAsync(endpoints, await OrderAsync(endpoints, payout, "resume"), "approve");
        wallet.Answer = null;
        Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, payout));

        var story = (await endpoints.GetAsync($"/v1/admin/payouts/{payout}")).Is(200);
        Assert.Equal(
            ["requested", "crediting", "held wallet_refused no such player", "requested", "crediting", "credited"],
            story.GetProperty("steps").EnumerateArray().Select(step => string.Join(' ', new[] { Text(step, "state"), Text(step, "cause"), Text(step, "reason") }.OfType<string>())));
        Assert.Equal("the operator was called", Text(Assert.Single(story.GetProperty("notes").EnumerateArray()), "text"));
        Assert.Equal("done", Text(Assert.Single(story.GetProperty("orders").EnumerateArray()), "status"));
        Assert.Empty((await endpoints.GetAsync("/v1/admin/payouts")).Is(200).GetProperty("payouts").EnumerateArray());
        Assert.Equal(
            ["claim maker-1", "resume proposed maker-1", "resume done maker-1 checker-1"],
            (await ledger.RowsAsync("SELECT action, person, authorised_by FROM audit_entry WHERE component LIKE 'payout %' ORDER BY number"))
                .ConvertAll(row => row.Replace(Author, "maker-1", StringComparison.Ordinal).Replace(Other, "checker-1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        using var wallet = Refusing();
        var held = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            held.Add(await HeldAsync(ledger, wallet, $"pot-{i}"));
        }

        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = (await endpoints.GetAsync($"/v1/admin/payouts?limit=2{after}")).Is(200);
            seen.AddRange(page.GetProperty("payouts").EnumerateArray().Select(payout => Text(payout, "payout_id")!));
            after = page.TryGetProperty("after", out var next) ? $"&after={next.GetString()}" : "";
        }
        while (after.Length > 0);

        Assert.Equal(held.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    [Trait("Rule", "R20")]
    public async Task Nothing_happens_to_a_held_payout_by_one_person()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var payout = await HeldAsync(ledger, Refusing());
        var order = await OrderAsync(endpoints, payout, "resume");

        (await endpoints.PostAsync($"/v1/admin/payouts/{payout}/orders", Body("resume"), Other)).IsProblem(409, "not-in-this-state");
        (await endpoints.PostAsync($"/v1/admin/payout-orders/{order}/approve", null, Author)).IsProblem(403, "same-person");
        (await endpoints.PostAsync($"/v1/admin/payout-orders/{order}/withdraw", null, Other)).IsProblem(403, "not-the-author");
        Assert.Equal(["held"], await ledger.RowsAsync("SELECT state FROM payout"));
        (await endpoints.PostAsync($"/v1/admin/payout-orders/{order}/reject", null, Other)).Is(200);
        (await endpoints.PostAsync($"/v1/admin/payout-orders/{order}/approve", null, Other)).IsProblem(409, "not-in-this-state");
        Assert.Equal(["held"], await ledger.RowsAsync("SELECT state FROM payout"));
    }

    [Fact]
    public async Task A_player_excluded_after_the_drop_is_paid_when_two_people_have_overruled_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var payout = await DropAsync(ledger);
        await endpoints.StandAsync("self_excluded", "player-1");
        using var wallet = new FakeWallet();
        Assert.Equal(CreditOutcome.Held, await wallet.CreditAsync(ledger, payout));

        await DecideAsync(endpoints, await OrderAsync(endpoints, payout, "resume"), "approve");

        Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, payout));
        Assert.Single(wallet.Credits);
    }

    [Fact]
    public async Task A_large_award_is_paid_after_two_people_have_signed()
    {
        using var regions = new TestRegions(walletAppliesIdsOnce: true, holdAbove: 1);
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        using var wallet = new FakeWallet { RegionsPath = regions.Path };
        var payout = await DropAsync(ledger);
        Assert.Equal(CreditOutcome.Held, await wallet.CreditAsync(ledger, payout));

        await DecideAsync(endpoints, await OrderAsync(endpoints, payout, "resume"), "approve");

        Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, payout));
    }

    [Fact]
    public async Task Money_in_doubt_goes_nowhere_else_until_it_is_shown_that_it_was_not_paid()
    {
        using var regions = new TestRegions(walletAppliesIdsOnce: false);
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        using var wallet = new FakeWallet { RegionsPath = regions.Path, Answer = _ => throw new HttpRequestException("lost"), Forgets = true };
        var payout = await DropAsync(ledger);
        await wallet.CreditAsync(ledger, payout);
        Assert.Equal(CreditOutcome.Held, await wallet.CreditAsync(ledger, payout));

        foreach (var action in (string[])["reroute", "forfeit", "roll_back"])
        {
            (await endpoints.PostAsync($"/v1/admin/payouts/{payout}/orders", Body(action), Author)).IsProblem(409, "not-in-this-state");
        }

        await DecideAsync(endpoints, await OrderAsync(endpoints, payout, "not_paid"), "approve");
        Assert.Equal(["held False"], await ledger.RowsAsync("SELECT state, in_doubt FROM payout"));
        await DecideAsync(endpoints, await OrderAsync(endpoints, payout, "forfeit"), "approve");
        Assert.Equal(["forfeited"], await ledger.RowsAsync("SELECT state FROM payout"));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE kind = 'jp.payout.failed'"));
    }

    [Fact]
    public async Task A_rerouted_payout_is_another_credit_to_another_account()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        using var wallet = Refusing();
        var payout = await HeldAsync(ledger, wallet);
        wallet.Answer = null;
        (await endpoints.PostAsync($"/v1/admin/payouts/{payout}/orders", Body("reroute", tenant: "brand-of-nobody"), Author)).IsProblem(421, "tenant-of-another-region");

        await DecideAsync(endpoints, await OrderAsync(endpoints, payout, "reroute"), "approve");

        Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, payout));
        var (id, player, _) = wallet.Credits[^1];
        Assert.Equal("player-9", player);
        Assert.Matches("^reroute-[0-9a-f]{24}$", id);
        Assert.Equal("player-1", await ledger.ScalarAsync<string>("SELECT player_id FROM payout"));
    }

    [Fact]
    public async Task Money_that_goes_back_to_its_pool_is_in_the_pool_and_the_books_and_the_replay_balance()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var payout = await HeldAsync(ledger, Refusing());
        var amount = await ledger.ScalarAsync<long>("SELECT amount FROM payout");
        const string InPools = "SELECT sum(increment + seed + reserve + overflow)::bigint FROM pool_state";
        var before = await ledger.ScalarAsync<long>(InPools);

        await DecideAsync(endpoints, await OrderAsync(endpoints, payout, "roll_back"), "approve");

        Assert.Equal(before + amount, await ledger.ScalarAsync<long>(InPools));
        Assert.Equal(["rolled_back"], await ledger.RowsAsync("SELECT state FROM payout"));
        await ledger.AssertBalancedAsync();
        await ledger.NewWriter().RecordAsync([ledger.Item(ledger.Directory.ByJackpot("drop")!, "next", 2 * Euro)], Ct);
        Assert.True((await endpoints.GetAsync("/v1/audit/balancing")).Is(200).GetProperty("balanced").GetBoolean());
    }

    [Theory]
    [InlineData("resume", 201)]
    [InlineData("roll_back", 201)]
    [InlineData("reroute", 422)]
    [InlineData("forfeit", 422)]
    [InlineData("paid_outside", 422)]
    [InlineData("keep", 422)]
    public async Task An_order_says_what_it_rests_on(string action, int status)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var payout = await HeldAsync(ledger, Refusing());

        var answer = await endpoints.PostAsync($"/v1/admin/payouts/{payout}/orders", $$"""{"action":"{{action}}","why":"because"}""", Author);

        Assert.Equal(status, (int)answer.Status);
    }

    static FakeWallet Refusing() => new()
    {
        Answer = transaction => (HttpStatusCode.UnprocessableEntity, FakeWallet.Outcome(transaction, ("status", "\"refused\""), ("reason", "\"no such player\""))),
    };

    static async Task<string> DropAsync(TestLedger ledger, string id = "drop")
    {
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop(id));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, id + "-k", 200 * Euro)], Ct);
        return await ledger.ScalarAsync<string>("SELECT payout_id FROM payout WHERE state = 'requested'");
    }

    static async Task<string> HeldAsync(TestLedger ledger, FakeWallet wallet, string id = "drop")
    {
        var payout = await DropAsync(ledger, id);
        Assert.Equal(CreditOutcome.Held, await wallet.CreditAsync(ledger, payout));
        return payout;
    }

    static string Body(string action, string tenant = TestLedger.Tenant) => $$"""
        {"action":"{{action}}","why":"because","evidence":"letter 17","beneficiary":"a public fund","account":{"tenant_id":"{{tenant}}","player_id":"player-9" } }
        """;

    static async Task<long> OrderAsync(TestEndpoints endpoints, string payout, string action) =>
        (await endpoints.PostAsync($"/v1/admin/payouts/{payout}/orders", Body(action), Author)).Is(201).GetProperty("order_id").GetInt64();

    static async Task DecideAsync(TestEndpoints endpoints, long order, string step) =>
        (await endpoints.PostAsync($"/v1/admin/payout-orders/{order}/{step}", null, Other)).Is(200);

    static string? Text(JsonElement json, string field) => json.TryGetProperty(field, out var value) ? value.GetString() : null;
}
