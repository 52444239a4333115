using System.Net;
using System.Text;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Community;
using Jackpot.Core.Ids;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Contributions;
using Jackpot.Shard.ExternalTriggers;
using Jackpot.Shard.Contributions;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Shard.Tests.ExternalTriggers;

/// <summary>Drops that a game's server triggers.</summary>
public sealed class TriggerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_called_drop_ends_the_cycle_reveals_its_secret_and_opens_the_next_without_moving_the_sequence()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        for (var i = 0; i < 3; i++)
        {
            (await endpoints.BetAsync("ext", $"k{i}")).Is(200);
        }

        var award = (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "player-7"))).Is(200).GetProperty("award");

        Assert.Equal(1000.60m, award.GetProperty("amount").GetProperty("amount").GetDecimal());
        Assert.Equal(3, award.GetProperty("sequence").GetInt64());
        Assert.Equal(["3 2"], await ledger.RowsAsync("SELECT s.sequence, p.cycle FROM jackpot_state s, pool_state p"));
        Assert.Equal(["1 True 3", "2"], await ledger.RowsAsync("SELECT cycle, sha256(secret) = commitment, dropped_at_sequence FROM cycle ORDER BY cycle"));
        Assert.Equal(["1 seed", "1 batch", "1 batch", "1 batch", "1 call", "2 seed"], await ledger.RowsAsync("SELECT cycle, kind FROM journal ORDER BY version, kind"));
        Assert.Equal(["player-7 1000600000 requested"], await ledger.RowsAsync("SELECT player_id, amount, state FROM payout"));
        Assert.Equal(["jp.payout.requested", "jp.pool.updated", "jp.triggered"], await ledger.RowsAsync("SELECT kind FROM outbox WHERE kind <> 'jp.contribution.recorded' ORDER BY kind"));
        await endpoints.AssertSoundAsync(ledger, "ext");
    }

    [Fact]
    public async Task A_pool_can_be_called_before_anybody_has_played()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "player-7"))).Is(200);
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t2", "ext-main", "player-8"))).Is(200);

        Assert.Equal(["1 0", "2 0"], await ledger.RowsAsync("SELECT cycle, sequence FROM award ORDER BY cycle"));
        await endpoints.AssertSoundAsync(ledger, "ext");
    }

    [Theory]
    [Trait("Rule", "R40")]
    [InlineData(null, "333340000 333330000 333330000", 0)]
    [InlineData(SimultaneousPolicy.Split, "333340000 333330000 333330000", 0)]
    [InlineData(SimultaneousPolicy.EachInFull, "1000000000 1000000000 1000000000", 2_000_000_000)]
    [InlineData(SimultaneousPolicy.InOrder, "1000000000 1000000000 1000000000", 2_000_000_000)]
    public async Task Several_winners_get_what_the_rules_of_the_game_declare_and_the_house_pays_what_the_pool_does_not(
        SimultaneousPolicy? policy, string amounts, long house)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext", policy));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var award = (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "a", "b", "c"))).Is(200).GetProperty("award");

        Assert.Equal(["a", "b", "c"], award.GetProperty("payouts").EnumerateArray().Select(payout => payout.GetProperty("player_id").GetString()));
        Assert.Equal(amounts, string.Join(' ', await ledger.RowsAsync("SELECT amount FROM payout ORDER BY winner")));
        Assert.Equal(["", "-1", "-2"], await ledger.RowsAsync("SELECT replace(payout_id, 'payout-' || award_id, '') FROM payout ORDER BY winner"));
        Assert.Equal(house, await ledger.ScalarAsync<long>("SELECT house FROM award"));
        Assert.Equal(-house, await ledger.ScalarAsync<long>("SELECT house FROM journal WHERE kind = 'call'"));
        Assert.Contains("\"payouts\":3,", await ledger.ScalarAsync<string>("SELECT payload FROM outbox WHERE kind = 'jp.triggered'"), StringComparison.Ordinal);
        await endpoints.AssertSoundAsync(ledger, "ext");
    }

    [Fact]
    public async Task In_order_the_others_get_the_seed_and_not_what_players_had_put_in()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext", SimultaneousPolicy.InOrder));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.BetAsync("ext", "k", "100.07")).Is(200);

        (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "a", "b"))).Is(200);

        Assert.Equal(["1010000000", "1000000000"], await ledger.RowsAsync("SELECT amount FROM payout ORDER BY winner"));
        Assert.Equal(["7000"], await ledger.RowsAsync("SELECT increment FROM pool_state"));
        await endpoints.AssertSoundAsync(ledger, "ext");
    }

    [Fact]
    public async Task Where_there_are_more_winners_than_cents_the_first_gets_all_and_nobody_a_payout_of_nothing()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var definition = TriggerKit.External("ext");
        await ledger.CreateJackpotAsync(definition with { Pools = [definition.Pools[0] with { SeedMicros = 20_000 }] });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "a", "b", "c"))).Is(200);

        Assert.Equal(["a 20000"], await ledger.RowsAsync("SELECT player_id, amount FROM payout"));
        await endpoints.AssertSoundAsync(ledger, "ext");
    }

    [Fact]
    public async Task The_same_call_gets_the_first_answer_to_the_byte_also_from_another_process_and_another_body_is_refused()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        var trigger = TriggerKit.Trigger("t1", "ext-main", "a", "b");
        string first;
        await using (var endpoints = await TestEndpoints.OpenAsync(ledger))
        {
            first = (await endpoints.TriggerAsync(trigger)).Body;
        }

        await using var restarted = await TestEndpoints.OpenAsync(ledger);
        (await restarted.BetAsync("ext", "later")).Is(200);
        using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/jp/triggers") { Content = new StringContent(trigger, Encoding.UTF8, "application/json") };
        message.Headers.Add("X-Tenant-Id", TestLedger.Tenant);
        using var again = await restarted.Http.SendAsync(message, Ct);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(first, await again.Content.ReadAsStringAsync(Ct));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotent-Replayed")));
        (await restarted.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "b", "a"))).IsProblem(409, "idempotency-key-reused");
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));
    }

    [Fact]
    public async Task One_call_made_by_many_at_once_drops_once_and_many_calls_drop_a_cycle_each()
    {
        const int Calls = 12;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var same = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => endpoints.TriggerAsync(TriggerKit.Trigger("same", "ext-main", "a"))));
        var different = await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => endpoints.TriggerAsync(TriggerKit.Trigger($"t{i}", "ext-main", "a"))));

        Assert.All(same, answer => Assert.Equal((HttpStatusCode.OK, same[0].Body), (answer.Status, answer.Body)));
        Assert.All(different, answer => answer.Is(200));
        Assert.Equal(Calls + 1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));
        Assert.Equal(Calls + 2L, await ledger.ScalarAsync<long>("SELECT max(cycle) FROM pool_state"));
        await endpoints.AssertSoundAsync(ledger, "ext");
    }

    [Fact]
    public async Task One_name_used_at_two_jackpots_at_once_drops_one_of_them()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("one"));
        await ledger.CreateJackpotAsync(TriggerKit.External("two"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        for (var round = 0; round < 10; round++)
        {
            var answers = await Task.WhenAll(new[] { "one-main", "two-main" }.Select(pool => endpoints.TriggerAsync(TriggerKit.Trigger($"t{round}", pool, "a"))));
            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(answer => answer.Status).Order());
        }

        Assert.Equal(10L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));
    }

    [Fact]
    public async Task Bets_and_calls_at_once_lose_nothing_and_every_bet_counts_in_one_cycle()
    {
        const int Bets = 300;
        const int Calls = 15;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var writer = ledger.NewWriter();

        var triggering = Task.Run(async () =>
        {
            for (var i = 0; i < Calls; i++)
            {
                (await endpoints.TriggerAsync(TriggerKit.Trigger($"t{i}", "ext-main", "a", "b"))).Is(200);
            }
        }, Ct);
        for (var i = 0; i < Bets; i++)
        {
            var item = ledger.Item(jackpot, $"k{i}");
            RecordedContribution answer;
            do
            {
                answer = Assert.Single(await writer.RecordAsync([item], Ct));
            }
            while (answer.Kind == RecordedKind.Unavailable);
            Assert.Empty(answer.Awards);
        }

        await triggering;
        Assert.Equal(["300 300 16"], await ledger.RowsAsync("SELECT (SELECT count(*) FROM contribution), s.sequence, p.cycle FROM jackpot_state s, pool_state p"));
        await endpoints.AssertSoundAsync(ledger, "ext");
    }

    [Fact]
    public async Task A_writer_with_a_memory_goes_on_in_the_cycle_that_a_call_has_opened()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var writer = ledger.NewWriter();
        await writer.RecordAsync([ledger.Item(jackpot, "before")], Ct);
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "a"))).Is(200);

        var after = Assert.Single(await writer.RecordAsync([ledger.Item(jackpot, "after")], Ct));

        Assert.Equal((2L, new PoolAmount(2, 1_000_100_000)), (after.Sequence, after.Pools[0]));
        await endpoints.AssertSoundAsync(ledger, "ext");
    }

    [Fact]
    public async Task The_last_bet_before_a_call_is_not_told_when_it_comes_again_that_it_won()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var first = Assert.Single(await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k")], Ct));
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "a"))).Is(200);

        var again = Assert.Single(await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k")], Ct));

        Assert.Equal(RecordedKind.Duplicate, again.Kind);
        Assert.Equal(first.Pools, again.Pools);
        Assert.Empty(again.Awards);
    }

    [Theory]
    [InlineData("trigger_call")]
    [InlineData("outbox")]
    public async Task A_crash_before_the_commit_leaves_nothing_and_the_call_can_be_made_again(string table)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.ExecuteAsync($"""
            CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'crash'; END $$;
            CREATE CONSTRAINT TRIGGER crash AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crash()
            """);
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "a"))).IsProblem(503, "unavailable");
        Assert.Equal(["1"], await ledger.RowsAsync("SELECT cycle FROM pool_state"));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT (SELECT count(*) FROM award) + (SELECT count(*) FROM payout) + (SELECT count(*) FROM trigger_call)"));
        await ledger.ExecuteAsync($"DROP TRIGGER crash ON {table}");

        (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "a"))).Is(200);

        await endpoints.AssertSoundAsync(ledger, "ext");
    }

    [Fact]
    public async Task An_answer_that_was_lost_after_the_commit_is_given_to_whoever_asks_again()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var trigger = new TriggerRequest(
            jackpot.Number, PoolId.Parse("ext-main"), TestLedger.Tenant, "t1", ContributionHash.Of(["ext-main", "a", "poker", "hand-1"]),
            [new Winner(TestLedger.Tenant, "a", "poker", "hand-1")]);
        var lost = (DropOutcome.Answered)await endpoints.Services.GetRequiredService<ExternalDrops>().DropAsync(trigger, Ct);

        var again = await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "a"));

        Assert.False(lost.Replayed);
        Assert.Equal((HttpStatusCode.OK, lost.Json), (again.Status, again.Body));
    }

    [Fact]
    [Trait("Rule", "R14")]
    public async Task Approved_terms_take_effect_with_the_cycle_that_a_call_opens()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var definition = TriggerKit.External("ext");
        await ledger.CreateJackpotAsync(definition);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var next = definition with { Pools = [definition.Pools[0] with { SeedMicros = 500_000_000, ContributionPpm = 200_000 }] };
        await ledger.ExecuteAsync($"UPDATE jackpot SET approved = '{next.ToJson()}'; UPDATE jackpot_state SET version = version + 1");

        (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "a"))).Is(200);
        (await endpoints.BetAsync("ext", "k", "100.00")).Is(200);

        Assert.Equal(["2 True 2"], await ledger.RowsAsync("SELECT j.config_version, j.approved IS NULL, c.config_version FROM jackpot j, cycle c WHERE c.cycle = 2"));
        Assert.Equal(["500000000 20000000"], await ledger.RowsAsync("SELECT seed, increment FROM pool_state"));
        Assert.Equal(200_000, ledger.Directory.ByJackpot("ext")!.Definition.Pools[0].ContributionPpm);
        await endpoints.AssertSoundAsync(ledger, "ext");
    }

    [Fact]
    public async Task The_short_form_finds_the_only_pool_that_can_be_called()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        var two = TriggerKit.External("two");
        await ledger.CreateJackpotAsync(two with { Pools = [two.Pools[0], two.Pools[0] with { PoolId = "two-more" }] });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", null, "a"), "/jackpot/ext/award")).Is(200);
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t2", "two-more", "a"), "/jackpot/two/award")).Is(200);
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t3", null, "a"), "/jackpot/two/award")).IsProblem(422, "field-missing");
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t4", "ext-main", "a"), "/jackpot/two/award")).IsProblem(404, "pool-unknown");
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t5", null, "a"), "/jackpot/none/award")).IsProblem(404, "pool-unknown");
    }

    [Fact]
    public async Task A_pool_with_a_community_is_called_for_one_winner()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var definition = TriggerKit.External("ext");
        await ledger.CreateJackpotAsync(definition with { Pools = [definition.Pools[0] with { Community = [new TopOfCycleDefinition(500_000, 2)] }] });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.BetAsync("ext", "k1", "5.00", "rich")).Is(200);
        (await endpoints.BetAsync("ext", "k2", "2.00", "poor")).Is(200);

        (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", "a", "b"))).IsProblem(422, "winners-invalid");
        var award = (await endpoints.TriggerAsync(TriggerKit.Trigger("t2", "ext-main", "a"))).Is(200).GetProperty("award");
        await new Shard.Payouts.Community.AwardSharing(ledger.Database, null!, new(), ledger.Clock).ShareAsync(award.GetProperty("award_id").GetString()!, Ct);

        Assert.False(award.GetProperty("payouts")[0].TryGetProperty("amount", out _));
        Assert.Equal(["a 500360000", "rich 250170000", "poor 250170000"], await ledger.RowsAsync("SELECT player_id, amount FROM payout ORDER BY winner"));
        await endpoints.AssertSoundAsync(ledger, "ext");
    }

    [Fact]
    public async Task What_cannot_drop_is_refused_with_its_own_reason_and_may_be_called_again()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await ledger.CreateJackpotAsync(TriggerKit.Raffle("raffle", 1));
        await ledger.CreateJackpotAsync(TriggerKit.External("theirs") with { Tenants = ["brand-7"] });
        var empty = TriggerKit.External("empty");
        await ledger.CreateJackpotAsync(empty with { Pools = [empty.Pools[0] with { SeedMicros = 0 }] });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.BetAsync("raffle", "ticket")).Is(200);

        (await endpoints.TriggerAsync(TriggerKit.Trigger("t", "none", "a"))).IsProblem(404, "pool-unknown");
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t", "theirs-main", "a"))).IsProblem(404, "pool-unknown");
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t", "quiet-main", "a"))).IsProblem(422, "pool-not-called");
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t", "raffle-main", "a"))).IsProblem(422, "pool-not-called");
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t", "empty-main", "a"))).IsProblem(409, "nothing-to-pay");
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'paused', version = version + 1");
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t", "ext-main", "a"))).IsProblem(409, "jackpot-paused");
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'active', version = version + 1");
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT (SELECT count(*) FROM award) + (SELECT count(*) FROM trigger_call)"));

        (await endpoints.TriggerAsync(TriggerKit.Trigger("t", "ext-main", "a"))).Is(200);
    }

    [Theory]
    [InlineData("{", 400, "malformed-json")]
    [InlineData("[]", 422, "field-invalid")]
    [InlineData("""{"trigger_id":7}""", 422, "field-invalid")]
    [InlineData("""{"tenant_id":"brand-42","pool_id":"ext-main","winners":[{"player_id":"a","game_id":"g","round_id":"r"}]}""", 422, "field-missing")]
    [InlineData("""{"trigger_id":"t","tenant_id":"brand-43","pool_id":"ext-main","winners":[{"player_id":"a","game_id":"g","round_id":"r"}]}""", 403, "tenant-mismatch")]
    [InlineData("""{"trigger_id":"t","tenant_id":"brand-42","winners":[{"player_id":"a","game_id":"g","round_id":"r"}]}""", 422, "field-missing")]
    [InlineData("""{"trigger_id":"t","tenant_id":"brand-42","pool_id":"ext-main"}""", 422, "winners-invalid")]
    [InlineData("""{"trigger_id":"t","tenant_id":"brand-42","pool_id":"ext-main","winners":[]}""", 422, "winners-invalid")]
    [InlineData("""{"trigger_id":"t","tenant_id":"brand-42","pool_id":"ext-main","winners":[null]}""", 422, "field-missing")]
    [InlineData("""{"trigger_id":"t","tenant_id":"brand-42","pool_id":"ext-main","winners":[{"player_id":"a","game_id":"g"}]}""", 422, "field-missing")]
    [InlineData("""{"trigger_id":"t","tenant_id":"brand-42","pool_id":"ext-main","winners":[{"player_id":"\ud800","game_id":"g","round_id":"r"}]}""", 422, "field-invalid")]
    [InlineData("""{"trigger_id":"t","tenant_id":"brand-42","pool_id":"ext-main","winners":[{"player_id":"a","game_id":"g","round_id":"r"},{"player_id":"a","game_id":"g","round_id":"r"}]}""", 422, "winners-invalid")]
    public async Task A_call_that_cannot_be_read_says_which_field(string body, int status, string type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        (await endpoints.TriggerAsync(body)).IsProblem(status, type);

        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));
    }

    [Fact]
    public async Task A_thousand_winners_are_taken_and_one_more_is_not()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", [.. Enumerable.Range(0, 1_001).Select(i => $"player-{i}")]))).IsProblem(422, "winners-invalid");
        (await endpoints.TriggerAsync(TriggerKit.Trigger("t1", "ext-main", [.. Enumerable.Range(0, 1_000).Select(i => $"player-{i}")]))).Is(200);

        Assert.Equal(["1000 1000000000"], await ledger.RowsAsync("SELECT count(*), sum(amount) FROM payout"));
    }
}
