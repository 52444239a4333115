using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Links;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Contributions;

public sealed class FanOutTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly SourceDefinition Slots = new(SourceKind.Vertical, "slots");
    static readonly (string, string?) FromSlots = ("sources", """[{"kind":"vertical","name":"slots"},{"kind":"game","name":"game-1"}]""");

    [Fact]
    public async Task A_bet_feeds_every_jackpot_that_its_sources_feed_and_each_answers_for_itself()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateSourcesAsync(ledger);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var results = (await endpoints.SendAsync(BetBody.Json(ledger, "k", null, FromSlots))).Is(200).GetProperty("results");

        Assert.Equal(["one:accepted", "strict:refused", "game:accepted"], Parts(results));
        Assert.Equal("country_not_included", results[1].GetProperty("problem").GetProperty("reason").GetString());
        Assert.Equal(2, await ledger.StoredAsync());
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task Sources_that_feed_nothing_here_are_no_fault()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("other") with { Tenants = ["brand-43"], Sources = [Slots] });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.Empty((await endpoints.SendAsync(BetBody.Json(ledger, "k", null, FromSlots))).Is(200).GetProperty("results").EnumerateArray());
        Assert.Equal(0, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_repetition_does_the_same_parts_again_whatever_has_changed()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateSourcesAsync(ledger);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bet = BetBody.Json(ledger, "k", null, FromSlots);
        var first = await endpoints.SendAsync(bet);

        // A new jackpot of the source, one that has left it, a country that is now let in, a player who is now out.
        await ledger.CreateJackpotAsync(TestLedger.Quiet("new") with { Sources = [Slots] });
        await ledger.ReplaceAsync(TestLedger.Quiet("one"));
        await ledger.ReplaceAsync(TestLedger.Quiet("strict") with { Sources = [Slots] });
        Assert.Equal(first, await endpoints.SendAsync(bet));
        await endpoints.StandAsync("self_excluded");
        Assert.Equal(first, await endpoints.SendAsync(bet));
        Assert.Equal(Parts(first.Json.GetProperty("results")), Parts((await endpoints.SendBatchAsync(bet)).Json.GetProperty("results")[0].GetProperty("results")));

        Assert.Equal(2, await ledger.StoredAsync());
        (await endpoints.SendAsync(bet.Replace("game-1\"", "game-2\"", StringComparison.Ordinal))).IsProblem(409, "idempotency-key-reused");
        await endpoints.StandAsync("good");
        Assert.Equal(["strict:accepted", "new:accepted", "game:accepted"], Parts((await endpoints.SendAsync(BetBody.Json(ledger, "k2", null, FromSlots))).Json.GetProperty("results")).Order().Reverse());
    }

    [Fact]
    public async Task A_part_that_a_crash_left_out_is_recorded_by_the_repetition()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateSourcesAsync(ledger);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.ExecuteAsync("UPDATE jackpot_state s SET status = 'paused', version = version + 1 FROM jackpot j WHERE j.id = s.id AND j.jackpot_id = 'game'");
        var bet = BetBody.Json(ledger, "k", null, FromSlots);
        Assert.Equal(["one:accepted", "strict:refused", "game:refused"], Parts((await endpoints.SendAsync(bet)).Json.GetProperty("results")));
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'active', version = version + 1");

        Assert.Equal(["one:accepted", "strict:refused", "game:accepted"], Parts((await endpoints.SendAsync(bet)).Json.GetProperty("results")));
        Assert.Equal(2, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_bet_cannot_be_recorded_again_by_naming_one_of_its_jackpots()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateSourcesAsync(ledger);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.SendAsync(BetBody.Json(ledger, "k", null, FromSlots))).Is(200);
        (await endpoints.SendAsync(BetBody.Json(ledger, "k", "one"))).IsProblem(409, "idempotency-key-reused");
        (await endpoints.SendAsync(BetBody.Json(ledger, "k", "game"))).IsProblem(409, "idempotency-key-reused");

        (await endpoints.SendAsync(BetBody.Json(ledger, "k2", "one"))).Is(200);
        (await endpoints.SendAsync(BetBody.Json(ledger, "k2", null, FromSlots))).IsProblem(409, "idempotency-key-reused");
        Assert.Equal(3, await ledger.StoredAsync());
    }

    [Fact]
    public async Task One_bet_sent_by_many_at_once_is_recorded_once_in_each_jackpot()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateSourcesAsync(ledger);
        await using var one = await TestEndpoints.OpenAsync(ledger);
        await using var two = await TestEndpoints.OpenAsync(ledger);
        var bets = Enumerable.Range(0, 20).Select(i => BetBody.Json(ledger, $"k{i}", null, FromSlots)).ToList();

        var answers = await Task.WhenAll(bets.Select(bet => Task.WhenAll(one.SendAsync(bet), two.SendAsync(bet), one.SendAsync(bet))));

        Assert.All(answers, same => Assert.Single(same.Distinct()));
        Assert.Equal(40, await ledger.StoredAsync());
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_jackpot_that_is_named_feeds_its_links_one_level_deep()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateLinkedAsync(ledger);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var results = (await endpoints.SendAsync(BetBody.Json(ledger, "k", "main", ("contrib", """{"amount":0.25,"currency":"EUR"}""")))).Is(200).GetProperty("results");

        Assert.Equal(["main:accepted", "strict:refused", "linked:accepted"], Parts(results));
        Assert.Equal(2, await ledger.StoredAsync());
    }

    [Fact]
    public async Task When_the_jackpot_that_is_named_refuses_its_links_are_not_asked()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateLinkedAsync(ledger);
        await ledger.ReplaceAsync(TestLedger.Quiet("main") with { Links = ["strict", "linked"], Eligibility = new EligibilityDefinition(Games: ["game-9"]) });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var results = (await endpoints.SendAsync(BetBody.Json(ledger, "k", "main"))).Is(200).GetProperty("results");

        Assert.Equal(["main:refused", "strict:not_asked", "linked:not_asked"], Parts(results));
        Assert.Equal(0, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_bet_recorded_before_its_jackpot_had_links_keeps_its_first_answer()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateLinkedAsync(ledger);
        await ledger.ReplaceAsync(TestLedger.Quiet("main"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bet = BetBody.Json(ledger, "k", "main");
        var first = await endpoints.SendAsync(bet);
        await ledger.ReplaceAsync(TestLedger.Quiet("main") with { Links = ["linked"] });

        Assert.Equal(first, await endpoints.SendAsync(bet));
        Assert.Equal(1, await ledger.StoredAsync());

        // And the other way round: the main part has the request's own key, so nothing is recorded twice.
        var later = BetBody.Json(ledger, "k2", "main");
        (await endpoints.SendAsync(later)).Is(200);
        await ledger.ReplaceAsync(TestLedger.Quiet("main"));
        Assert.Equal("accepted", (await endpoints.SendAsync(later)).Is(200).GetProperty("status").GetString());
        Assert.Equal(3, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_part_over_its_jackpots_limit_is_held_alone_and_stays_so()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateSourcesAsync(ledger);
        await ledger.ReplaceAsync(TestLedger.Quiet("game") with { Sources = [new(SourceKind.Game, "game-1")], Limits = new(StakeMicrosMax: 1) });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bet = BetBody.Json(ledger, "k", null, FromSlots);
        var first = await endpoints.SendAsync(bet);

        Assert.Equal(["one:accepted", "strict:refused", "game:held"], Parts(first.Is(200).GetProperty("results")));
        Assert.Equal(first, await endpoints.SendAsync(bet));
        (await endpoints.PostAsync("/v1/admin/quarantine/1/release", """{"why":"true"}""", "ann")).Is(200);
        Assert.Equal(["one:accepted", "strict:refused", "game:accepted"], Parts((await endpoints.SendAsync(bet)).Json.GetProperty("results")));
        Assert.Equal(2, await ledger.StoredAsync());
    }

    [Fact]
    public async Task A_batch_answers_a_bet_with_several_parts_in_its_place()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateSourcesAsync(ledger);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var results = (await endpoints.SendBatchAsync(BetBody.Json(ledger, "a", "one"), BetBody.Json(ledger, "b", null, FromSlots), BetBody.Json(ledger, "c", "one")))
            .Is(200).GetProperty("results");
        Assert.Equal(["accepted", "several", "accepted"], results.EnumerateArray().Select(result => result.GetProperty("status").GetString()));
        Assert.Equal(["one:accepted", "strict:refused", "game:accepted"], Parts(results[1].GetProperty("results")));
    }

    [Fact]
    public async Task No_plan_is_ever_durable_by_switching_a_connection_to_loose_commits()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateSourcesAsync(ledger);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => endpoints.SendAsync(BetBody.Json(ledger, $"k{i}", null, FromSlots))));

        // Every connection of the pool, one after the other while all are held.
        var connections = new List<Npgsql.NpgsqlConnection>();
        for (var i = 0; i < 20; i++)
        {
            connections.Add(await ledger.Database.OpenConnectionAsync(TestContext.Current.CancellationToken));
            await using var show = new Npgsql.NpgsqlCommand("SHOW synchronous_commit", connections[^1]);
            Assert.Equal("on", await show.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    static async Task CreateSourcesAsync(TestLedger ledger)
    {
        await ledger.CreateJackpotAsync(TestLedger.Quiet("one") with { Sources = [Slots] });
        await ledger.CreateJackpotAsync(TestLedger.Quiet("strict") with { Sources = [Slots], Eligibility = new EligibilityDefinition(Countries: ["DE"]) });
        await ledger.CreateJackpotAsync(TestLedger.Quiet("game") with { Sources = [new SourceDefinition(SourceKind.Game, "game-1"), Slots with { Name = "tables" }] });
        await ledger.CreateJackpotAsync(TestLedger.Quiet("none"));
        await ledger.CreateJackpotAsync(TestLedger.Quiet("theirs") with { Sources = [Slots], Tenants = ["brand-43"] });
    }

    static async Task CreateLinkedAsync(TestLedger ledger)
    {
        await ledger.CreateJackpotAsync(TestLedger.Quiet("main") with { Links = ["strict", "linked", "not-here"] });
        await ledger.CreateJackpotAsync(TestLedger.Quiet("strict") with { Eligibility = new EligibilityDefinition(Countries: ["DE"]) });
        await ledger.CreateJackpotAsync(TestLedger.Quiet("linked") with { Links = ["deep"] });
        await ledger.CreateJackpotAsync(TestLedger.Quiet("deep"));
    }

    static IEnumerable<string> Parts(JsonElement results) =>
        results.EnumerateArray().Select(part => $"{part.GetProperty("jackpot_id").GetString()}:{part.GetProperty("status").GetString()}");
}
