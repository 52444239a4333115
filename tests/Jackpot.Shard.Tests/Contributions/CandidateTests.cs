using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Pools;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Contributions;

public sealed class CandidateTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly JackpotDefinition Fair = TestLedger.Quiet("fair") with
    {
        Pools = [TestLedger.Quiet("fair").Pools[0] with { Trigger = new RandomTriggerDefinition(250_000_000_000) }],
        Eligibility = new EligibilityDefinition(Bands: [new StakeBandDefinition("EUR", 1_000_000, 10_000_000)], BandsFromHome: true),
    };

    [Fact, Trait("Rule", "R35")]
    public async Task A_candidate_is_told_every_reason_and_nothing_happens()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("strict") with
        {
            Eligibility = new EligibilityDefinition(Countries: ["MT"], Segments: ["vip"], Bands: [new StakeBandDefinition("EUR", 5_000_000, 9_000_000)], ConsentVersion: 1),
        });
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'paused', version = version + 1");
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await endpoints.StandAsync("house_account");

        var candidate = await AskAsync(endpoints, ledger, "strict");

        Assert.Equal(
            ["house_account", "jackpot_not_active", "country_not_included", "segment_not_included", "not_opted_in", "stake_too_small"],
            candidate.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()));
        Assert.False(candidate.GetProperty("eligible").GetBoolean());
        Assert.Equal(5m, candidate.GetProperty("stake_band").GetProperty("min").GetProperty("amount").GetDecimal());
        Assert.Equal(0, await ledger.StoredAsync());
    }

    [Fact, Trait("Rule", "R10")]
    public async Task Odds_per_unit_are_the_same_in_every_currency_and_bands_are_round()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Fair);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var rates = new Dictionary<string, decimal> { ["EUR"] = 1m, ["USD"] = 0.92m, ["GBP"] = 1.17m, ["SEK"] = 0.0885m };

        foreach (var (currency, rate) in rates)
        {
            foreach (var amount in new[] { 1m, 3.33m, 7m, 100m })
            {
                var candidate = await AskAsync(endpoints, ledger, "fair", BetBody.Bet(amount.ToString(System.Globalization.CultureInfo.InvariantCulture), currency));
                var odds = candidate.GetProperty("tiers")[0].GetProperty("odds").GetString()!.Split(" in ").Select(long.Parse).ToArray();

                // Per unit of the home currency: exactly one in the turnover, whatever was paid in. All of these convert without a rest.
                Assert.Equal(amount * rate * odds[1], 250_000m * odds[0]);
                var band = candidate.GetProperty("stake_band");
                var (min, max) = (Amount(band, "min"), Amount(band, "max"));
                Assert.InRange(min * rate, 1m, 10m);
                Assert.InRange(max * rate, 1m, 10m);
                Assert.Equal(amount >= min && amount <= max, candidate.GetProperty("eligible").GetBoolean());
            }
        }

        static decimal Amount(JsonElement band, string end) => band.GetProperty(end).GetProperty("amount").GetDecimal();
    }

    [Fact]
    public async Task A_currency_without_a_rate_is_a_reason()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Fair);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var candidate = await AskAsync(endpoints, ledger, "fair", BetBody.Bet("5", "JPY"));
        Assert.Equal(["currency_not_taken", "currency_without_rate"], candidate.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()));
        Assert.False(candidate.TryGetProperty("stake", out _));
    }

    [Fact]
    public async Task The_side_bet_of_a_player_who_opted_in_is_offered()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("side") with
        {
            Funding = FundingMode.SideBet,
            Eligibility = new EligibilityDefinition(ConsentVersion: 1, Bands: [new StakeBandDefinition("EUR", 100_000, 1_000_000)]),
        });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.False((await AskAsync(endpoints, ledger, "side")).TryGetProperty("side_bet", out _));

        (await endpoints.PostAsync("/v1/optin", """
            {"tenant_id":"brand-42","player_id":"player-1","jackpot_id":"side","consent_version":1,"preferred_stake":{"amount":0.30,"currency":"EUR"}}
            """, tenant: TestLedger.Tenant)).Is(200);

        Assert.Equal(0.30m, (await AskAsync(endpoints, ledger, "side")).GetProperty("side_bet").GetProperty("amount").GetDecimal());
    }

    [Fact]
    public async Task Hidden_triggers_tell_no_odds_and_a_certain_one_is_one_in_one()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.MustDrop("hidden"));
        await ledger.CreateJackpotAsync(TestLedger.Quiet("sure") with { Pools = [TestLedger.Quiet("sure").Pools[0] with { Trigger = new RandomTriggerDefinition(1_000_000) }] });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.False((await AskAsync(endpoints, ledger, "hidden")).GetProperty("tiers")[0].TryGetProperty("odds", out _));
        Assert.Equal("1 in 1", (await AskAsync(endpoints, ledger, "sure")).GetProperty("tiers")[0].GetProperty("odds").GetString());
    }

    [Fact]
    public async Task Links_of_a_jackpot_that_refuses_are_told_as_refusing()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("main") with { Links = ["linked"], Eligibility = new EligibilityDefinition(Games: ["game-9"]) });
        await ledger.CreateJackpotAsync(TestLedger.Quiet("linked"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var list = (await endpoints.PostAsync("/v1/jp/candidates", Body(ledger, "main"), tenant: TestLedger.Tenant)).Is(200).GetProperty("candidates");
        Assert.Equal(["game_not_included"], Reasons(list[0]));
        Assert.Equal(["main_jackpot_refuses"], Reasons(list[1]));
        (await endpoints.PostAsync("/v1/jp/candidates", Body(ledger, "nobody"), tenant: TestLedger.Tenant)).IsProblem(404, "pool-unknown");

        static IEnumerable<string?> Reasons(JsonElement candidate) => candidate.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString());
    }

    static async Task<JsonElement> AskAsync(TestEndpoints endpoints, TestLedger ledger, string jackpot, params (string, string?)[] changes) =>
        (await endpoints.PostAsync("/v1/jp/candidates", Body(ledger, jackpot, changes), tenant: TestLedger.Tenant)).Is(200).GetProperty("candidates")[0];

    static string Body(TestLedger ledger, string jackpot, params (string, string?)[] changes) => BetBody.Json(
        ledger, "unused", jackpot, [("jp_contrib_id", null), ("round_id", null), ("idempotency_key", null), ("occurred_at", null), .. changes]);
}
