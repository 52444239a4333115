using Jackpot.Contracts.Jackpots;
using Jackpot.Shard.Players;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Contributions;

public sealed class EligibilityEndpointTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly EligibilityDefinition Strict = new(
        Brands: [TestLedger.Tenant], Countries: ["MT"], Games: ["game-1"], Segments: ["vip", "gold"],
        Bands: [new StakeBandDefinition("EUR", 1_000_000, 5_000_000)]);

    static readonly (string, string?)[] Welcome = [("player_country", "\"MT\""), ("segments", "[\"gold\"]")];

    [Theory, Trait("Rule", "R35")]
    [InlineData("brand_not_included", null, null)]
    [InlineData("country_not_included", "player_country", "\"DE\"")]
    [InlineData("country_not_included", "player_country", null)]
    [InlineData("game_not_included", "game_id", "\"game-2\"")]
    [InlineData("segment_not_included", "segments", "[\"silver\"]")]
    [InlineData("segment_not_included", "segments", null)]
    [InlineData("currency_not_taken", "bet", """{"amount":2,"currency":"USD"}""")]
    [InlineData("stake_too_small", "bet", """{"amount":0.999999,"currency":"EUR"}""")]
    [InlineData("stake_too_large", "bet", """{"amount":5.000001,"currency":"EUR"}""")]
    public async Task A_bet_that_does_not_take_part_is_told_why_and_stores_nothing(string reason, string? field, string? value)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("strict") with { Eligibility = field is null ? Strict with { Brands = ["brand-43"] } : Strict });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var refused = await endpoints.SendAsync(BetBody.Json(ledger, "k", "strict", field is null ? Welcome : [.. Welcome, (field, value)]));

        Assert.Equal(reason, refused.Reason(422, "not-eligible"));
        Assert.Contains(reason, refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await ledger.StoredAsync());
    }

    [Fact, Trait("Rule", "R35")]
    public async Task A_bet_inside_all_terms_takes_part()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("strict") with { Eligibility = Strict });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        foreach (var amount in new[] { "1", "5.00" })
        {
            (await endpoints.SendAsync(BetBody.Json(ledger, amount, "strict", [.. Welcome, BetBody.Bet(amount)]))).Is(200);
        }
    }

    [Fact]
    public async Task An_event_jackpot_takes_bets_from_its_first_instant_until_its_last_by_our_clock()
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        var from = clock.GetUtcNow().AddMinutes(1);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("event") with { Eligibility = new EligibilityDefinition(From: from, Until: from.AddMinutes(1)) });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        // The caller's own time says otherwise each time, and is not asked.
        var inside = ("occurred_at", (string?)$"\"{from.AddSeconds(1):O}\"");
        Assert.Equal("event_not_started", (await endpoints.SendAsync(BetBody.Json(ledger, "early", "event", inside))).Reason(422, "not-eligible"));
        clock.Advance(TimeSpan.FromMinutes(1));
        (await endpoints.SendAsync(BetBody.Json(ledger, "first", "event", inside))).Is(200);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("event_ended", (await endpoints.SendAsync(BetBody.Json(ledger, "late", "event", inside))).Reason(422, "not-eligible"));
    }

    [Theory, Trait("Rule", "R48")]
    [InlineData("self_excluded")]
    [InlineData("house_account")]
    public async Task A_player_status_goes_before_everything_else_and_holds_for_plain_jackpots_too(string status)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await ledger.CreateJackpotAsync(TestLedger.Quiet("strict") with { Eligibility = Strict });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await endpoints.StandAsync(status);

        // Country, segments, stake, currency and contribution are all wrong as well.
        (string, string?)[] wrong = [BetBody.Bet("900", "JPY"), ("contrib", """{"amount":5,"currency":"EUR"}""")];
        Assert.Equal(status, (await endpoints.SendAsync(BetBody.Json(ledger, "k", "strict", wrong))).Reason(422, "not-eligible"));
        Assert.Equal(status, (await endpoints.SendAsync(BetBody.Json(ledger, "k", "plain"))).Reason(422, "not-eligible"));
        (await endpoints.SendAsync(BetBody.Json(ledger, "k2", "plain", ("player_id", "\"player-2\"")))).Is(200);
        await endpoints.StandAsync("good");
        (await endpoints.SendAsync(BetBody.Json(ledger, "k", "plain"))).Is(200);
    }

    [Fact, Trait("Rule", "R11")]
    public async Task A_personal_pot_takes_its_owner_and_nobody_else()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var hash = (await endpoints.GetAsync("/v1/players/player-1/standing", tenant: TestLedger.Tenant)).Is(200).GetProperty("player_hash").GetString();
        await ledger.CreateJackpotAsync(TestLedger.Quiet("mine") with { Eligibility = new EligibilityDefinition(Owner: hash) });

        (await endpoints.SendAsync(BetBody.Json(ledger, "k1", "mine"))).Is(200);
        Assert.Equal("not_your_pot", (await endpoints.SendAsync(BetBody.Json(ledger, "k2", "mine", ("player_id", "\"player-2\"")))).Reason(422, "not-eligible"));
    }

    [Fact]
    public async Task A_recorded_contribution_keeps_its_first_answer_whatever_has_changed_since()
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        var terms = TestLedger.Quiet("changing");
        await ledger.CreateJackpotAsync(terms);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bet = BetBody.Json(ledger, "k", "changing", ("contrib", """{"amount":0.25,"currency":"EUR"}"""));
        var first = await endpoints.SendAsync(bet);
        first.Is(200);

        await AssertAsync("self-excluded", () => endpoints.StandAsync("self_excluded"), () => endpoints.StandAsync("good"));
        await AssertAsync("terms", () => ledger.ReplaceAsync(terms with { Eligibility = Strict }), () => ledger.ReplaceAsync(terms));
        await AssertAsync("consent", () => ledger.ReplaceAsync(terms with { Eligibility = new(ConsentVersion: 1) }), () => ledger.ReplaceAsync(terms));
        await AssertAsync("tenant", () => ledger.ReplaceAsync(terms with { Tenants = ["brand-43"] }), () => ledger.ReplaceAsync(terms));
        await AssertAsync("rate", () => ledger.ReplaceAsync(terms with { Pools = [terms.Pools[0] with { ContributionPpm = 1 }] }), () => ledger.ReplaceAsync(terms));
        await AssertAsync("paused", () => StatusAsync("paused"), () => StatusAsync("active"));
        await AssertAsync("limit", () => ledger.ReplaceAsync(terms with { Limits = new(StakeMicrosMax: 1) }), () => ledger.ReplaceAsync(terms));
        await AssertAsync("too old", () => { clock.Advance(TimeSpan.FromDays(31)); return Task.CompletedTask; }, () => Task.CompletedTask);
        Assert.Equal(1, await ledger.StoredAsync());

        Task StatusAsync(string status) => ledger.ExecuteAsync($"UPDATE jackpot_state SET status = '{status}', version = version + 1");

        async Task AssertAsync(string what, Func<Task> change, Func<Task> back)
        {
            await change();
            var again = await endpoints.SendAsync(bet);
            Assert.True(again == first, $"{what}: {again.Body}");
            var batch = (await endpoints.SendBatchAsync(bet)).Is(200).GetProperty("results")[0];
            Assert.True(batch.GetRawText() == first.Body, $"{what}, in a batch: {batch}");
            var other = await endpoints.SendAsync(bet.Replace("game-1", "game-9", StringComparison.Ordinal));
            Assert.True(other.Body.Contains("idempotency-key-reused", StringComparison.Ordinal), $"{what}, other body: {other.Body}");
            await back();
        }
    }

    [Fact]
    public async Task What_was_refused_is_taken_once_the_reason_is_gone()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await endpoints.StandAsync("self_excluded");
        var bet = BetBody.Json(ledger, "k", "plain");
        Assert.Equal("self_excluded", (await endpoints.SendAsync(bet)).Reason(422, "not-eligible"));

        await endpoints.StandAsync("good");

        (await endpoints.SendAsync(bet)).Is(200);
    }

    [Fact]
    public async Task A_batch_answers_each_item_for_itself_in_order()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await ledger.CreateJackpotAsync(TestLedger.Quiet("strict") with { Eligibility = Strict });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var results = (await endpoints.SendBatchAsync(
            BetBody.Json(ledger, "a", "plain"), BetBody.Json(ledger, "b", "strict"), BetBody.Json(ledger, "c", "strict", Welcome),
            BetBody.Json(ledger, "d", "nobody"), BetBody.Json(ledger, "e", "plain"))).Is(200).GetProperty("results");

        Assert.Equal(["accepted", "refused", "accepted", "refused", "accepted"], results.EnumerateArray().Select(result => result.GetProperty("status").GetString()));
        Assert.Equal(["c-a", "c-b", "c-c", "c-d", "c-e"], results.EnumerateArray().Select(result => result.GetProperty("jp_contrib_id").GetString()));
        Assert.Equal("country_not_included", results[1].GetProperty("problem").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Another_replica_hears_of_a_player_status_when_it_catches_up()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var here = await TestEndpoints.OpenAsync(ledger);
        await using var there = await TestEndpoints.OpenAsync(ledger);
        await here.StandAsync("self_excluded");

        await ((PlayerStatusCache)there.Services.GetService(typeof(PlayerStatusCache))!).CatchUpAsync(TestContext.Current.CancellationToken);

        Assert.Equal("self_excluded", (await there.SendAsync(BetBody.Json(ledger, "k", "plain"))).Reason(422, "not-eligible"));
    }

    [Theory]
    [InlineData("player_country", "\"mt\"", "field-invalid")]
    [InlineData("player_country", "\"MLT\"", "field-invalid")]
    [InlineData("player_country", "\"\"", "field-invalid")]
    [InlineData("player_country", "7", "field-invalid")]
    [InlineData("segments", "\"vip\"", "field-invalid")]
    [InlineData("segments", "[\"vip\",7]", "field-invalid")]
    [InlineData("segments", "[\"\"]", "field-missing")]
    [InlineData("segments", "[null]", "field-invalid")]
    [InlineData("segments", "[\"a\\u0000b\"]", "field-invalid")]
    [InlineData("segments", "33", "field-too-long")]
    [InlineData("segments", "65 characters", "field-too-long")]
    [InlineData("sources", "{}", "field-invalid")]
    [InlineData("sources", "[7]", "field-invalid")]
    [InlineData("sources", "[{}]", "field-missing")]
    [InlineData("sources", """[{"kind":"vertical"}]""", "field-missing")]
    [InlineData("sources", """[{"kind":"planet","name":"slots"}]""", "field-invalid")]
    [InlineData("sources", """[{"kind":7,"name":"slots"}]""", "field-invalid")]
    [InlineData("sources", "17", "field-too-long")]
    [InlineData("sources", "with pool", "field-invalid")]
    [InlineData("sources", "with contrib", "field-invalid")]
    [InlineData("sources", "[]", "field-missing")]
    public async Task A_bad_field_is_refused(string field, string value, string type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        const string Source = """{"kind":"vertical","name":"slots"}""";
        var json = value switch
        {
            "33" => $"[{string.Join(",", Enumerable.Range(0, 33).Select(i => $"\"s{i}\""))}]",
            "65 characters" => $"[\"{new string('s', 65)}\"]",
            "17" => $"[{string.Join(",", Enumerable.Repeat(Source, 17))}]",
            "with pool" or "with contrib" => $"[{Source}]",
            _ => value,
        };
        var changes = new List<(string, string?)> { (field, json) };
        if (value == "with contrib")
        {
            changes.Add(("contrib", BetBody.Money("0.2").ToJsonString()));
        }

        (await endpoints.SendAsync(BetBody.Json(ledger, "k", field == "sources" && value != "with pool" ? null : "plain", [.. changes]))).IsProblem(422, type);

        Assert.Equal(0, await ledger.StoredAsync());
    }

    [Fact]
    public async Task Thirty_two_segments_are_taken()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.SendAsync(BetBody.Json(ledger, "k", "plain", ("segments", $"[{string.Join(",", Enumerable.Range(0, 32).Select(i => $"\"s{i}\""))}]")))).Is(200);
    }
}
