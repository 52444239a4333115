using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Shard.Quarantine;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Shard.Tests.Quarantine;

[Trait("Rule", "R01")]
public sealed class QuarantineTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Endpoint = "/v1/admin/quarantine";
    const string Why = """{"why":"the operator confirmed the bet"}""";

    static readonly JackpotDefinition Limited = TestLedger.Quiet("limited") with { Limits = new LimitsDefinition(StakeMicrosMax: 100_000_000, WindowMicrosMax: 150_000_000) };

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stake_over_a_limit_is_held_and_neither_recorded_nor_refused()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Limited);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bet = BetBody.Json(ledger, "k", "limited", BetBody.Bet("100.000001"));

        var held = await endpoints.SendAsync(bet);

        Assert.Equal("""{"jp_contrib_id":"c-k","status":"held","jackpot_id":"limited","reason":"stake_too_large"}""", held.Is(202).GetRawText());
        Assert.Equal(held, await endpoints.SendAsync(bet));
        Assert.Equal("held", (await endpoints.SendBatchAsync(bet)).Is(200).GetProperty("results")[0].GetProperty("status").GetString());
        (await endpoints.SendAsync(bet.Replace("100.000001", "100", StringComparison.Ordinal))).IsProblem(409, "idempotency-key-reused");
        Assert.Equal(0, await ledger.StoredAsync());
        (await endpoints.SendAsync(BetBody.Json(ledger, "k2", "limited", BetBody.Bet("100")))).Is(200);
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_tenant_that_stakes_too_fast_is_held_until_the_next_window_and_repetitions_cost_it_nothing()
    {
        var clock = TestClock.AtNewYear();
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await ledger.CreateJackpotAsync(Limited);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var first = BetBody.Json(ledger, "k1", "limited", BetBody.Bet("100"));
        for (var i = 0; i < 5; i++)
        {
            (await endpoints.SendAsync(first)).Is(200);
        }

        (await endpoints.SendAsync(BetBody.Json(ledger, "k2", "limited", BetBody.Bet("50")))).Is(200);
        var tooFast = BetBody.Json(ledger, "k3", "limited", BetBody.Bet("0.01"));
        Assert.Equal("rate_too_high", (await endpoints.SendAsync(tooFast)).Is(202).GetProperty("reason").GetString());
        Assert.Equal("accepted", (await endpoints.SendAsync(first)).Is(200).GetProperty("status").GetString());
        clock.Advance(TimeSpan.FromMinutes(1));

        // What was held stays held although it would now be recorded; a new bet is.
        (await endpoints.SendAsync(tooFast)).Is(202);
        (await endpoints.SendAsync(BetBody.Json(ledger, "k4", "limited", BetBody.Bet("50")))).Is(200);
        Assert.Equal(3, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_release_records_the_contribution_under_its_own_key_once_and_names_who_released_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Limited);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bet = BetBody.Json(ledger, "k", "limited", BetBody.Bet("200"));
        await endpoints.SendAsync(bet);
        var id = (await endpoints.GetAsync(Endpoint + "?status=held", "ann")).Is(200).GetProperty("quarantine")[0].GetProperty("id").GetInt64();

        var released = (await endpoints.PostAsync($"{Endpoint}/{id}/release", Why, "ann")).Is(200);
        (await endpoints.PostAsync($"{Endpoint}/{id}/release", Why, "bob")).IsProblem(409, "quarantine-decided");

        Assert.Equal("released", released.GetProperty("status").GetString());
        var answer = await endpoints.SendAsync(bet);
        Assert.Equal(1, answer.Is(200).GetProperty("sequence").GetInt64());
        Assert.Equal(200L * 1_000_000, await ledger.ScalarAsync<long>("SELECT stake FROM contribution"));
        Assert.Equal("quarantine|release|ann|the operator confirmed the bet", await ledger.ScalarAsync<string>("SELECT concat_ws('|', component, action, person, why) FROM audit_entry WHERE component = 'quarantine'"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_refused_one_never_touches_the_pool_and_its_sender_is_told_so_for_ever()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Limited);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bet = BetBody.Json(ledger, "k", "limited", BetBody.Bet("200"));
        await endpoints.SendAsync(bet);

        (await endpoints.PostAsync(Endpoint + "/1/refuse", Why, "ann")).Is(200);
        (await endpoints.PostAsync(Endpoint + "/1/release", Why, "ann")).IsProblem(409, "quarantine-decided");

        Assert.Equal("stake_too_large", (await endpoints.SendAsync(bet)).Reason(422, "not-believed"));
        await ledger.ReplaceAsync(Limited with { Limits = null });
        Assert.Equal("stake_too_large", (await endpoints.SendAsync(bet)).Reason(422, "not-believed"));
        Assert.Equal("urn:jackpot:problem:not-believed",
            (await endpoints.SendBatchAsync(bet)).Is(200).GetProperty("results")[0].GetProperty("problem").GetProperty("type").GetString());
        Assert.Equal(0, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_release_that_died_halfway_is_finished_by_the_sweeper_or_by_the_sender_and_recorded_once()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Limited);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var (one, two) = (BetBody.Json(ledger, "one", "limited", BetBody.Bet("200")), BetBody.Json(ledger, "two", "limited", BetBody.Bet("300")));
        await endpoints.SendAsync(one);
        await endpoints.SendAsync(two);

        // The process dies after the decision is kept and before the contribution is recorded.
        await ledger.ExecuteAsync("""
            UPDATE quarantine SET status = 'releasing', decided_by = 'ann', why = 'because', decided_at = now();
            DELETE FROM dedupe WHERE sequence = 0
            """);
        (await endpoints.SendAsync(one)).Is(200);
        Assert.Equal(1, await ledger.StoredAsync());
        var sweeper = new QuarantineSweeper(
            Service<QuarantineStore>(), Service<QuarantineRelease>(), ledger.Parked, ledger.Loops);
        await sweeper.SweepAsync(Ct);
        await sweeper.SweepAsync(Ct);

        Assert.Equal(2, await ledger.StoredAsync());
        Assert.Equal(2L, await ledger.ScalarAsync<long>("SELECT count(*) FROM quarantine WHERE status = 'released'"));
        Assert.Equal(2, (await endpoints.SendAsync(two)).Is(200).GetProperty("sequence").GetInt64());
        await ledger.AssertBalancedAsync();

        T Service<T>() where T : notnull => (T)endpoints.Services.GetService(typeof(T))!;
    }

    [Fact]
    public async Task A_release_that_cannot_be_read_is_parked_and_the_others_are_recorded()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Limited);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await endpoints.SendAsync(BetBody.Json(ledger, "one", "limited", BetBody.Bet("200")));
        await endpoints.SendAsync(BetBody.Json(ledger, "two", "limited", BetBody.Bet("300")));
        await ledger.ExecuteAsync("""
            UPDATE quarantine SET status = 'releasing', decided_by = 'ann', why = 'because', decided_at = now();
            DELETE FROM dedupe WHERE sequence = 0;
            ALTER TABLE quarantine DROP CONSTRAINT quarantine_reason_check;
            UPDATE quarantine SET reason = 'a word of another version' WHERE id = (SELECT min(id) FROM quarantine)
            """);
        var sweeper = new QuarantineSweeper(
            endpoints.Services.GetRequiredService<QuarantineStore>(), endpoints.Services.GetRequiredService<QuarantineRelease>(), ledger.Parked, ledger.Loops);

        await sweeper.SweepAsync(Ct);
        await sweeper.SweepAsync(Ct);

        Assert.Equal(1, await ledger.StoredAsync());
        Assert.Equal(["quarantine"], await ledger.RowsAsync("SELECT source FROM parked_row"));
    }

    [Theory]
    [InlineData("reason = 'a word of another version'", 503)]
    [InlineData("bet_currency = 'no currency'", 202)]
    public async Task An_entry_that_cannot_be_read_is_listed_with_the_reason_and_hides_no_other(string change, int sent)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Limited);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var (one, two) = (BetBody.Json(ledger, "one", "limited", BetBody.Bet("200")), BetBody.Json(ledger, "two", "limited", BetBody.Bet("300")));
        await endpoints.SendBatchAsync(one, two);
        await ledger.ExecuteAsync($"ALTER TABLE quarantine DROP CONSTRAINT quarantine_reason_check; UPDATE quarantine SET {change} WHERE contribution_id = 'c-one'");

        var list = (await endpoints.GetAsync(Endpoint, "ann")).Is(200);

        Assert.Equal("c-two", Assert.Single(list.GetProperty("quarantine").EnumerateArray()).GetProperty("jp_contrib_id").GetString());
        var unreadable = Assert.Single(list.GetProperty("unreadable").EnumerateArray());
        Assert.Equal(await ledger.ScalarAsync<long>("SELECT id FROM quarantine WHERE contribution_id = 'c-one'"), unreadable.GetProperty("id").GetInt64());
        Assert.NotEmpty(unreadable.GetProperty("fault").GetString()!);

        // Nor does it take along what is sent beside it.
        Assert.Equal("held", (await endpoints.SendBatchAsync(one, two)).Is(200).GetProperty("results")[1].GetProperty("status").GetString());
        (await endpoints.SendAsync(one)).Is(sent);
        (await endpoints.PostAsync($"{Endpoint}/{unreadable.GetProperty("id")}/refuse", Why, "ann")).IsProblem(409, "not-in-this-state");
    }

    [Fact]
    public async Task A_release_into_a_paused_jackpot_waits_until_it_is_resumed()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Limited);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await endpoints.SendAsync(BetBody.Json(ledger, "k", "limited", BetBody.Bet("200")));
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'paused', version = version + 1");

        Assert.Equal("releasing", (await endpoints.PostAsync(Endpoint + "/1/release", Why, "ann")).Is(200).GetProperty("status").GetString());
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'active', version = version + 1");
        var entry = (await ((QuarantineStore)endpoints.Services.GetService(typeof(QuarantineStore))!).FindAsync(1, Ct))!;
        Assert.Equal("released", (await ((QuarantineRelease)endpoints.Services.GetService(typeof(QuarantineRelease))!).RecordAsync(entry, Ct)).Status);
        Assert.Equal(1, await ledger.StoredAsync());
    }

    [Fact]
    public async Task One_replica_holds_while_another_records_and_the_key_has_one_answer()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Limited with { Limits = new LimitsDefinition(WindowMicrosMax: 3_000_000) });
        await using var one = await TestEndpoints.OpenAsync(ledger);
        await using var two = await TestEndpoints.OpenAsync(ledger);
        (await one.SendAsync(BetBody.Json(ledger, "fill", "limited"))).Is(200);

        // This replica's window is full, the other's is not: whoever claims the key first decides.
        var bets = Enumerable.Range(0, 40).Select(i => BetBody.Json(ledger, $"k{i}", "limited", BetBody.Bet("1.5"))).ToList();
        var answers = await Task.WhenAll(bets.Select(async bet => await Task.WhenAll(one.SendAsync(bet), two.SendAsync(bet))));
        var again = await Task.WhenAll(bets.Select(bet => two.SendAsync(bet)));

        Assert.All(answers.Zip(again), pair => Assert.All(pair.First, answer => Assert.Equal(pair.Second, answer)));
        var held = again.Count(answer => answer.Json.GetProperty("status").GetString() == "held");
        Assert.Equal(held, await ledger.ScalarAsync<long>("SELECT count(*) FROM quarantine WHERE status = 'held'"));
        Assert.Equal(40 - held + 1, await ledger.StoredAsync());
        await ledger.AssertBalancedAsync();
    }

    [Theory]
    [InlineData("/1/release", """{"why":" "}""", "ann", 422, "field-missing")]
    [InlineData("/1/release", "{}", "ann", 422, "field-missing")]
    [InlineData("/1/release", Why, null, 401, "person-missing")]
    [InlineData("/7/release", Why, "ann", 404, "not-found")]
    public async Task A_decision_needs_a_staff_user_a_reason_and_an_entry(string path, string body, string? staffUser, int status, string type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Limited);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await endpoints.SendAsync(BetBody.Json(ledger, "k", "limited", BetBody.Bet("200")));
        (await endpoints.PostAsync(Endpoint + path, body, staffUser)).IsProblem(status, type);
        (await endpoints.GetAsync(Endpoint + "?status=lost")).IsProblem(422, "field-invalid");
        Assert.Equal("held", await ledger.ScalarAsync<string>("SELECT status FROM quarantine"));
    }
}
