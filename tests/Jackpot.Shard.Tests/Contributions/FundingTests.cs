using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Pools;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Contributions;

/// <summary>What money a bet was made with decides whether it takes part, is stored with it and splits the reports.</summary>
public sealed class FundingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Gives = "gives";

    [Fact]
    public async Task Cash_and_bonus_take_part_and_free_rounds_only_where_the_definition_says_so()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await ledger.CreateJackpotAsync(WithFunding(Gives, BetFunding.FreeRound, BetFunding.Cash));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        foreach (var (jackpot, funding, takesPart) in new[]
        {
            ("plain", null, true), ("plain", "cash", true), ("plain", "bonus", true), ("plain", "free_round", false),
            (Gives, null, true), (Gives, "cash", true), (Gives, "bonus", false), (Gives, "free_round", true),
        })
        {
            var bet = Bet(ledger, $"{jackpot}-{funding}", jackpot, funding);
            var candidate = (await endpoints.PostAsync("/v1/jp/candidates", bet, tenant: TestLedger.Tenant)).Is(200).GetProperty("candidates")[0];
            Assert.Equal(takesPart, candidate.GetProperty("eligible").GetBoolean());
            if (takesPart)
            {
                (await endpoints.SendAsync(bet)).Is(200);
            }
            else
            {
                Assert.Equal("funding_not_taken", Assert.Single(candidate.GetProperty("reasons").EnumerateArray()).GetString());
                Assert.Equal("funding_not_taken", (await endpoints.SendAsync(bet)).Reason(422, "not-eligible"));
            }
        }

        Assert.Equal(
            ["c-gives- 0", "c-gives-cash 0", "c-gives-free_round 2", "c-plain- 0", "c-plain-bonus 1", "c-plain-cash 0"],
            await ledger.RowsAsync("SELECT contribution_id, funding FROM contribution ORDER BY contribution_id COLLATE \"C\""));
        await AssertReplaysAsync(endpoints, ledger, Gives);
    }

    [Theory]
    [InlineData("\"Cash\"")]
    [InlineData("\"free-round\"")]
    [InlineData("\"\"")]
    [InlineData("1")]
    public async Task An_unknown_funding_is_refused(string funding)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.SendAsync(BetBody.Json(ledger, "k", "plain", ("bet", $$"""{"amount":2,"currency":"EUR","funding":{{funding}}}""")))).IsProblem(422, "field-invalid");
        Assert.Equal(0, await ledger.StoredAsync());
    }

    [Fact]
    public async Task Cash_said_and_left_out_are_one_body_and_other_money_is_another()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var at = ("occurred_at", JsonSerializer.Serialize(ledger.Clock.GetUtcNow()));
        var first = (await endpoints.SendAsync(BetBody.Json(ledger, "k", "plain", at))).Is(200).GetRawText();

        Assert.Equal(first, (await endpoints.SendAsync(BetBody.Json(ledger, "k", "plain", at, Money("cash")))).Is(200).GetRawText());
        (await endpoints.SendAsync(BetBody.Json(ledger, "k", "plain", at, Money("bonus")))).IsProblem(409, "idempotency-key-reused");
    }

    [Fact]
    public async Task A_held_bet_is_recorded_later_with_its_own_funding()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("limited") with { Limits = new LimitsDefinition(StakeMicrosMax: 1_000_000) });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.SendAsync(Bet(ledger, "k", "limited", "bonus"))).Is(202);
        (await endpoints.PostAsync("/v1/admin/quarantine/1/release", """{"why":"asked"}""", staffUser: "anna")).Is(200);
        Assert.Equal(["1"], await ledger.RowsAsync("SELECT funding FROM contribution"));
    }

    [Fact]
    public async Task Reports_are_split_by_funding_and_the_books_balance()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        foreach (var (key, funding) in new[] { ("a", "cash"), ("b", "bonus"), ("c", "bonus") })
        {
            (await endpoints.SendAsync(Bet(ledger, key, "plain", funding))).Is(200);
        }

        var activity = (await endpoints.GetAsync("/v1/audit/reports/activity?format=csv")).Body.ReplaceLineEndings("\n");
        Assert.Contains("plain,brand-42,cash,1,2.00,0.25,EUR\n", activity, StringComparison.Ordinal);
        Assert.Contains("plain,brand-42,bonus,2,4.00,0.50,EUR\n", activity, StringComparison.Ordinal);
        var transactions = (await endpoints.GetAsync("/v1/audit/reports/transactions?format=csv")).Body;
        Assert.Equal(2, transactions.Split('\n').Count(line => line.TrimEnd().EndsWith(",bonus", StringComparison.Ordinal)));
        await AssertReplaysAsync(endpoints, ledger, "plain");
    }

    [Fact]
    public async Task A_definition_names_its_fundings_once_and_at_least_one()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        foreach (var fundings in new BetFunding[][] { [], [BetFunding.Cash, BetFunding.Cash] })
        {
            Assert.Contains("bet_funding", (await endpoints.PutAsync("/v1/admin/jackpots/x", WithFunding("x", fundings).ToJson(), "anna")).Body, StringComparison.Ordinal);
        }

        var unknown = WithFunding("x", BetFunding.Cash).ToJson().Replace("\"cash\"", "\"gold\"", StringComparison.Ordinal);
        Assert.InRange((int)(await endpoints.PutAsync("/v1/admin/jackpots/x", unknown, "anna")).Status, 400, 422);
        (await endpoints.PutAsync("/v1/admin/jackpots/x", WithFunding("x", BetFunding.FreeRound).ToJson(), "anna")).Is(201);
    }

    [Fact]
    public async Task Free_rounds_that_feed_at_the_houses_cost_never_win_and_replay_and_verify_agree()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop") with { Eligibility = OnlyCashWins });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var free = BetBody.Json(ledger, "free", "drop", ("bet", """{"amount":200.00,"currency":"EUR","funding":"free_round"}"""));
        Assert.Equal(0, (await endpoints.SendAsync(free)).Is(200).GetProperty("awards").GetArrayLength());
        Assert.Equal(0, (await endpoints.SendAsync(Bet(ledger, "again", "drop", "free_round"))).Is(200).GetProperty("awards").GetArrayLength());
        Assert.Equal(["0 -25250000"], await ledger.RowsAsync("SELECT sum(players), sum(house) FROM journal WHERE kind = 'batch'"));

        var won = (await endpoints.SendAsync(Bet(ledger, "cash", "drop", "cash"))).Is(200);
        Assert.Equal("drop-main", Assert.Single(won.GetProperty("awards").EnumerateArray()).GetProperty("pool_id").GetString());
        Assert.Equal(["3"], await ledger.RowsAsync("SELECT sequence FROM award"));
        var export = Contracts.Exports.CycleExportFile.Read(new StringReader((await endpoints.GetAsync("/v1/audit/pools/drop-main/cycles/1/export")).Body));
        Assert.Equal([BetFunding.FreeRound, BetFunding.FreeRound, BetFunding.Cash], export.Batches.SelectMany(batch => batch.Rows).Select(row => row.Funding));
        Assert.Empty(Core.Verification.CycleVerifier.Verify(export));
        await AssertReplaysAsync(endpoints, ledger, "drop");
    }

    [Fact]
    public async Task A_void_of_a_free_round_gives_back_to_the_house_what_it_paid()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet") with { Eligibility = OnlyCashWins });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.BetAsync("quiet", "day", "9000.00")).Is(200);
        (await endpoints.SendAsync(Bet(ledger, "free", "quiet", "free_round"))).Is(200);
        Assert.Equal(["-250000"], await ledger.RowsAsync("SELECT sum(house) FROM journal WHERE kind IN ('batch', 'void')"));
        (await endpoints.PostAsync("/v1/jp/contributions/c-free/void", """{"idempotency_key":"v"}""", tenant: TestLedger.Tenant)).Is(200);
        Assert.Equal(["0"], await ledger.RowsAsync("SELECT sum(house) FROM journal WHERE kind IN ('batch', 'void')"));
        await AssertReplaysAsync(endpoints, ledger, "quiet");
    }

    [Fact]
    public async Task A_free_round_that_may_not_win_is_told_so_and_the_terms_stay()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var definition = TestLedger.Quiet("x") with { Eligibility = OnlyCashWins };
        (await endpoints.PutAsync("/v1/admin/jackpots/x", definition.ToJson(), "anna")).Is(201);
        foreach (var (funding, odds) in new[] { ("cash", "1 in 500000000000"), ("free_round", "0 in 1") })
        {
            var candidate = (await endpoints.PostAsync("/v1/jp/candidates", Bet(ledger, funding, "x", funding), tenant: TestLedger.Tenant)).Is(200).GetProperty("candidates")[0];
            Assert.True(candidate.GetProperty("eligible").GetBoolean());
            Assert.Equal(odds, candidate.GetProperty("tiers")[0].GetProperty("odds").GetString());
        }

        foreach (var wrong in new[]
        {
            OnlyCashWins with { BetFundingWins = [] }, OnlyCashWins with { BetFundingWins = [BetFunding.Bonus] }, OnlyCashWins with { BetFundingWins = [BetFunding.Cash, BetFunding.Cash] },
        })
        {
            Assert.Contains("bet_funding_wins", (await endpoints.PutAsync("/v1/admin/jackpots/y", (TestLedger.Quiet("y") with { Eligibility = wrong }).ToJson(), "anna")).Body, StringComparison.Ordinal);
        }

        var raffle = TestLedger.Quiet("y");
        raffle = raffle with { Eligibility = OnlyCashWins, Pools = [raffle.Pools[0] with { Trigger = new ExternalTriggerDefinition() }] };
        Assert.Contains("bet_funding_wins", (await endpoints.PutAsync("/v1/admin/jackpots/y", raffle.ToJson(), "anna")).Body, StringComparison.Ordinal);
        Assert.Contains("bet_funding_wins", Assert.Single(Shard.Changes.FixedTerms.Differences(definition, TestLedger.Quiet("x") with { Eligibility = OnlyCashWins with { BetFundingWins = null } })), StringComparison.Ordinal);
    }

    static EligibilityDefinition OnlyCashWins => new(BetFunding: [BetFunding.Cash, BetFunding.FreeRound], BetFundingWins: [BetFunding.Cash], FreeRoundsPaidBy: ContributionPayer.House);

    static async Task AssertReplaysAsync(TestEndpoints endpoints, TestLedger ledger, string jackpot)
    {
        var replay = (await endpoints.GetAsync($"/v1/audit/jackpots/{jackpot}/replay")).Body.Trim().Split('\n')[^1];
        Assert.True(JsonElement.Parse(replay).GetProperty("report").GetProperty("agrees").GetBoolean(), replay);
        await ledger.AssertBalancedAsync();
    }

    static JackpotDefinition WithFunding(string id, params BetFunding[] fundings) => TestLedger.Quiet(id) with { Eligibility = new EligibilityDefinition(BetFunding: fundings) };

    static string Bet(TestLedger ledger, string key, string jackpot, string? funding) => BetBody.Json(ledger, key, jackpot, Money(funding));

    static (string, string?) Money(string? funding) => ("bet", funding is null ? """{"amount":2.00,"currency":"EUR"}""" : $$"""{"amount":2.00,"currency":"EUR","funding":"{{funding}}"}""");
}
