using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Links;
using Jackpot.Ledger.Dedupe;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Tests.ExternalTriggers;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.Shard.Voids;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Voids;

public sealed class VoidEndpointTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly (string, string?) FromSlots = ("sources", """[{"kind":"vertical","name":"slots"}]""");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bet_that_is_taken_back_leaves_nothing_and_a_repetition_changes_nothing()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await FillDayAsync(endpoints, "quiet");
        var before = await PoolsAsync(ledger);
        (await endpoints.BetAsync("quiet", "k")).Is(200);

        var first = await VoidAsync(endpoints, "c-k", "v");
        var part = Assert.Single(first.Is(200).GetProperty("parts").EnumerateArray());
        Assert.Equal(("voided", "quiet", 1, 0.25m, 0m), (
            first.Json.GetProperty("status").GetString(), part.GetProperty("jackpot_id").GetString(), part.GetProperty("number").GetInt64(), Amount(part, "contribution"), Amount(part, "carried")));
        Assert.Equal(first.Body, (await VoidAsync(endpoints, "c-k", "v")).Body);
        (await VoidAsync(endpoints, "c-k", "v", "1.00")).IsProblem(409, "idempotency-key-reused");
        (await VoidAsync(endpoints, "c-k", "another")).IsProblem(409, "void-nothing-left");

        Assert.Equal(before, await PoolsAsync(ledger));
        Assert.Equal(["1 4"], await ledger.RowsAsync("SELECT count(*), (SELECT count(*) FROM contribution) FROM void"));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE kind = 'jp.contribution.voided'"));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM audit_entry WHERE action = 'contributions voided'"));
        await ledger.AssertBalancedAsync();
    }

    [Theory]
    [InlineData("c-k", "k")]
    [InlineData("k", "k")]
    [InlineData("same", "same")]
    public async Task A_void_that_comes_before_its_bet_waits_and_leaves_nothing_of_it(string named, string key)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var before = await PoolsAsync(ledger);

        Assert.Equal("waits", (await VoidAsync(endpoints, named, "v")).Is(202).GetProperty("status").GetString());
        (await VoidAsync(endpoints, named, "v")).Is(202);
        var bet = BetBody.Json(ledger, key, "quiet", ("jp_contrib_id", named == "same" ? "\"same\"" : "\"c-k\""));
        Assert.Equal(0m, Amount((await endpoints.SendAsync(bet)).Is(200), "contribution"));
        Assert.Equal(0m, Amount((await endpoints.SendAsync(bet)).Is(200), "contribution"));

        Assert.Equal(before, await PoolsAsync(ledger));
        Assert.Equal("voided", (await VoidAsync(endpoints, named, "v")).Is(200).GetProperty("status").GetString());
        (await VoidAsync(endpoints, named, "v", "1.00")).IsProblem(409, "idempotency-key-reused");
        (await VoidAsync(endpoints, named, "later")).IsProblem(409, "void-nothing-left");
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM dedupe WHERE sequence = 0"));
        (await endpoints.BetAsync("quiet", "next")).Is(200);
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task Parts_of_a_bet_are_taken_back_before_and_after_it_comes_and_never_more_than_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await FillDayAsync(endpoints, "quiet");
        var before = await PoolsAsync(ledger);
        (await VoidAsync(endpoints, "c-k", "v1", "0.50")).Is(202);
        (await VoidAsync(endpoints, "c-k", "v2", "0.25")).Is(202);
        Assert.Equal(0.15625m, Amount((await endpoints.BetAsync("quiet", "k")).Is(200), "contribution"));
        (await VoidAsync(endpoints, "c-k", "v3", "1.26")).IsProblem(422, "void-exceeds-bet");
        (await VoidAsync(endpoints, "c-k", "v4", "1.00", "USD")).IsProblem(422, "field-invalid");
        Assert.Equal(0.125m, Amount((await VoidAsync(endpoints, "c-k", "v5", "1.00")).Is(200).GetProperty("parts")[0], "contribution"));
        (await VoidAsync(endpoints, "c-k", "v6")).Is(200);
        Assert.Equal(before, await PoolsAsync(ledger));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_bet_that_reaches_several_jackpots_is_taken_back_in_each()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        foreach (var id in new[] { "one", "two", "three" })
        {
            await ledger.CreateJackpotAsync(TestLedger.Quiet(id) with { Sources = [new SourceDefinition(SourceKind.Vertical, "slots")] });
        }

        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await FillDayAsync(endpoints, "one", "two", "three");
        var before = await PoolsAsync(ledger);
        (await endpoints.SendAsync(BetBody.Json(ledger, "k", null, FromSlots))).Is(200);
        Assert.Equal(3, (await VoidAsync(endpoints, "c-k", "v")).Is(200).GetProperty("parts").GetArrayLength());
        Assert.Equal(before, await PoolsAsync(ledger));

        (await VoidAsync(endpoints, "c-early", "v2")).Is(202);
        (await endpoints.SendAsync(BetBody.Json(ledger, "early", null, FromSlots))).Is(200);
        var claims = endpoints.Services.GetRequiredService<VoidClaims>();
        var met = await claims.MetInPartAsync(10, Ct);
        Assert.Single(met);
        await claims.FinishedAsync([.. (await endpoints.Services.GetRequiredService<VoidIntake>().FinishAsync(met, Ct)).Select(early => early.Key16)], Ct);
        Assert.Empty(await claims.MetInPartAsync(10, Ct));
        Assert.Equal(before, await PoolsAsync(ledger));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task Beyond_a_day_or_one_percent_two_people_have_to_agree()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2027-01-01T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        for (var i = 0; i < 100; i++)
        {
            (await endpoints.BetAsync("quiet", $"k{i}")).Is(200);
        }

        // A hundred bets of the same: one of them is one percent, and a cent more is too much.
        (await VoidAsync(endpoints, "c-k0", "v0")).Is(200);
        (await VoidAsync(endpoints, "c-k1", "v1", "0.01")).IsProblem(409, "void-over-limit");
        Assert.Equal(["25000000 250000 1"], await ledger.RowsAsync("SELECT contributed, voided, count FROM void_day"));

        // With so much more on the day, one percent has room again.
        await FillDayAsync(endpoints, "quiet");
        (await VoidAsync(endpoints, "c-k1", "v1", "0.01")).Is(200);
        clock.Advance(TimeSpan.FromHours(24));
        (await VoidAsync(endpoints, "c-k2", "v2")).Is(200);
        clock.Advance(TimeSpan.FromSeconds(1));
        (await VoidAsync(endpoints, "c-k3", "v3")).IsProblem(409, "void-over-limit");
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task After_a_drop_the_settlement_carries_the_void_and_the_winners_payout_is_held()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var won = (await endpoints.BetAsync("drop", "k", "200.00")).Is(200);
        var award = Assert.Single(won.GetProperty("awards").EnumerateArray()).GetProperty("award_id").GetString()!;
        await FillDayAsync(endpoints, "drop");
        var before = await PoolsAsync(ledger);

        var part = (await VoidAsync(endpoints, "c-k", "v")).Is(200).GetProperty("parts")[0];

        Assert.Equal((25m, 25m, award), (Amount(part, "contribution"), Amount(part, "carried"), part.GetProperty("held_awards")[0].GetString()));
        Assert.Equal(before, await PoolsAsync(ledger));
        var payouts = endpoints.Services.GetRequiredService<PayoutStore>();
        var payout = await payouts.FindAsync((await payouts.OfAwardAsync(award, Ct))[0].PayoutId, Ct);
        Assert.True(await payouts.IsBetVoidedAsync(payout!, Ct));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task What_a_paused_jackpot_holds_stays_until_it_is_resumed()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await FillDayAsync(endpoints, "quiet");
        (await endpoints.BetAsync("quiet", "k")).Is(200);
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'paused', version = version + 1");
        (await VoidAsync(endpoints, "c-k", "v")).IsProblem(409, "jackpot-paused");
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'active', version = version + 1");
        (await VoidAsync(endpoints, "c-k", "v")).Is(200);
        await ledger.AssertBalancedAsync();
    }

    [Theory]
    [InlineData("""{}""", 422, "field-missing")]
    [InlineData("""{"idempotency_key":"v","amount":{"amount":0,"currency":"EUR"}}""", 422, "field-invalid")]
    [InlineData("""{"idempotency_key":"v","tenant_id":"brand-43"}""", 403, "tenant-mismatch")]
    [InlineData("""{"idempotency_key":"v","reason":""}""", 422, "field-too-long")]
    [InlineData("""{"idempotency_key":"v","amount":{"amount":-1,"currency":"EUR"}}""", 400, "malformed-json")]
    public async Task A_body_that_says_nothing_of_use_is_told_why(string body, int status, string type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.PostAsync("/v1/jp/contributions/c/void", body, tenant: TestLedger.Tenant)).IsProblem(status, type);
    }

    static Task<EndpointAnswer> VoidAsync(TestEndpoints endpoints, string id, string key, string? amount = null, string currency = "EUR") => endpoints.PostAsync(
        $"/v1/jp/contributions/{id}/void",
        amount is null ? $$"""{"idempotency_key":"{{key}}"}""" : $$$"""{"idempotency_key":"{{{key}}}","amount":{"amount":{{{amount}}},"currency":"{{{currency}}}"}}""",
        tenant: TestLedger.Tenant);

    /// <summary>Bets of the day beside which one of a few euros, or one of 200, is no percent.</summary>
    static async Task FillDayAsync(TestEndpoints endpoints, params string[] jackpots)
    {
        foreach (var (jackpot, i) in jackpots.SelectMany(jackpot => Enumerable.Range(0, 3).Select(i => (jackpot, i))))
        {
            (await endpoints.BetAsync(jackpot, $"day-{jackpot}-{i}", "9000.00")).Is(200);
        }
    }

    static decimal Amount(JsonElement json, string field) => json.GetProperty(field).GetProperty("amount").GetDecimal();

    static Task<List<string>> PoolsAsync(TestLedger ledger) => ledger.RowsAsync("SELECT id, cycle, increment, seed, reserve, overflow FROM pool_state ORDER BY id");
}
