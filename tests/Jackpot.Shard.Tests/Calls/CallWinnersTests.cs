using System.Net;
using System.Text;
using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Storage;
using Jackpot.Shard.Calls;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Players;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.Shard.Tests.Payouts;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Shard.Tests.Calls;

/// <summary>Whom a game names is checked like who plays, at the call and again when they are paid.</summary>
public sealed class CallWinnersTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("self_excluded")]
    [InlineData("house_account")]
    public async Task Nobody_is_paid_by_a_call_who_may_not_play(string standing)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.FoundAsync(CallKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await endpoints.StandAsync(standing, "out");
        var call = CallKit.Trigger("t", "ext-main", "good", "out");

        var refused = await endpoints.TriggerAsync(call);
        Assert.Equal(standing, refused.Reason(422, "not-eligible"));
        Assert.StartsWith("winners[1]", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));

        // It was refused, so it may be made again under its name; once answered it is not asked about again.
        await endpoints.StandAsync("good", "out");
        var first = await endpoints.TriggerAsync(call);
        first.Is(200);
        await endpoints.StandAsync(standing, "out");
        Assert.Equal(first, await endpoints.TriggerAsync(call));
    }

    [Fact]
    public async Task Only_who_has_put_something_into_the_running_cycle_wins_by_a_call()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.FoundAsync(CallKit.ForContributors("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        (await endpoints.TriggerAsync(CallKit.Trigger("t1", "ext-main", "a"))).IsProblem(422, "winner-has-not-contributed");
        (await endpoints.BetAsync("ext", "nothing", "0.00", "a")).Is(200);
        (await endpoints.BetAsync("ext", "rounds-to-nothing", "0.000009", "a")).Is(200);
        (await endpoints.TriggerAsync(CallKit.Trigger("t1", "ext-main", "a"))).IsProblem(422, "winner-has-not-contributed");
        (await endpoints.BetAsync("ext", "something", "0.00001", "a")).Is(200);
        (await endpoints.BetAsync("ext", "more", "2.00", "a")).Is(200);
        (await endpoints.TriggerAsync(CallKit.Trigger("t1", "ext-main", "a", "b"))).IsProblem(422, "winner-has-not-contributed");
        (await endpoints.TriggerAsync(CallKit.Trigger("t1", "ext-main", "a"))).Is(200);

        // What they put into the cycle before is won.
        (await endpoints.TriggerAsync(CallKit.Trigger("t2", "ext-main", "a"))).IsProblem(422, "winner-has-not-contributed");
        (await endpoints.BetAsync("ext", "next", "2.00", "a")).Is(200);
        (await endpoints.BetAsync("ext", "next too", "2.00", "b")).Is(200);
        (await endpoints.TriggerAsync(CallKit.Trigger("t2", "ext-main", "a", "b"))).Is(200);
        await endpoints.AssertSoundAsync(ledger, "ext");
    }

    [Fact]
    public async Task A_player_costs_one_row_per_pool_written_once_per_cycle_and_other_jackpots_cost_none()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.FoundAsync(CallKit.ForContributors("ext"));
        await ledger.FoundAsync(CallKit.External("anybody"));
        await ledger.FoundAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        for (var i = 0; i < 3; i++)
        {
            foreach (var jackpot in new[] { "ext", "anybody", "plain" })
            {
                (await endpoints.BetAsync(jackpot, $"{jackpot}-{i}")).Is(200);
            }
        }

        Assert.Equal(["ext-main 1"], await ledger.RowsAsync("SELECT p.pool_id, c.sequence FROM contributor c JOIN pool p ON p.id = c.pool"));
        (await endpoints.TriggerAsync(CallKit.Trigger("t", "ext-main", "player-1"))).Is(200);
        (await endpoints.SendBatchAsync(endpoints.BetJson("ext", "x"), endpoints.BetJson("ext", "y"), endpoints.BetJson("ext", "z"))).Is(200);
        Assert.Equal(["ext-main 4"], await ledger.RowsAsync("SELECT p.pool_id, c.sequence FROM contributor c JOIN pool p ON p.id = c.pool"));
    }

    [Fact]
    public async Task Who_has_contributed_is_found_without_reading_a_table()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.ExecuteAsync("""
            INSERT INTO contributor SELECT n % 10, gen_random_uuid(), n FROM generate_series(1, 50000) n;
            ANALYZE contributor
            """);
        var winners = string.Join(',', Enumerable.Range(0, 1_000).Select(_ => $"'{Guid.NewGuid()}'::uuid"));
        var query = Contributors.Query.Replace("$1", "3", StringComparison.Ordinal).Replace("$2", $"ARRAY[{winners}]", StringComparison.Ordinal).Replace("$3", "7", StringComparison.Ordinal);
        var plan = await ledger.RowsAsync("EXPLAIN " + query);
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
        Assert.Contains(plan, line => line.Contains("contributor_pkey", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cycles_that_ran_before_contributors_were_kept_have_them_from_their_rows()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.FoundAsync(CallKit.ForContributors("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.BetAsync("ext", "nothing", "0.00", "idle")).Is(200);
        (await endpoints.BetAsync("ext", "k", "2.00", "J\u00f6rg \ud83c\udfb0")).Is(200);
        var kept = await ledger.RowsAsync("SELECT * FROM contributor");
        await ledger.ExecuteAsync("DROP TABLE contributor");

        var assembly = typeof(Migrator).Assembly;
        var resource = assembly.GetManifestResourceNames().Single(name => name.EndsWith("051_contributor.sql", StringComparison.Ordinal));
        using var sql = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        await ledger.ExecuteAsync(await sql.ReadToEndAsync(Ct));

        Assert.Single(kept);
        Assert.Equal(kept, await ledger.RowsAsync("SELECT * FROM contributor"));
        (await endpoints.TriggerAsync(CallKit.Trigger("t", "ext-main", "J\u00f6rg \ud83c\udfb0"))).Is(200);
    }

    [Fact]
    public async Task Of_a_shared_jackpot_only_the_named_tenants_call()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var shared = CallKit.External("ext") with { Tenants = [TestLedger.Tenant, "brand-43"] };
        await ledger.FoundAsync(shared with { Callers = ["brand-43"] });
        await ledger.FoundAsync(CallKit.External("nobody") with { Tenants = [TestLedger.Tenant, "brand-43"] });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        (await endpoints.TriggerAsync(CallKit.Trigger("t", "ext-main", "a"))).IsProblem(403, "caller-not-named");
        (await endpoints.TriggerAsync(CallKit.Trigger("t", "nobody-main", "a"))).IsProblem(403, "caller-not-named");
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));

        await ledger.ReplaceAsync(shared with { Callers = [TestLedger.Tenant] });
        (await endpoints.TriggerAsync(CallKit.Trigger("t", "ext-main", "a"))).Is(200);
    }

    [Theory]
    [InlineData("\"tenants\":[\"brand-42\",\"brand-43\"]", "'callers' must name")]
    [InlineData("\"tenants\":[\"brand-42\",\"brand-43\"],\"callers\":[]", "'callers' must name")]
    [InlineData("\"tenants\":[\"brand-42\"],\"callers\":[\"brand-43\"]", "only 'tenants' can call")]
    [InlineData("\"tenants\":[\"brand-42\"],\"callers\":[null]", "holds null")]
    public async Task Terms_that_leave_open_who_calls_are_refused(string tenants, string why)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var json = CallKit.External("ext").ToJson().Replace("\"tenants\":[\"brand-42\"]", tenants, StringComparison.Ordinal);
        var answer = await endpoints.PutAsync("/v1/admin/jackpots/ext", json, person: "ann");
        answer.IsProblem(422, "configuration-invalid");
        Assert.Contains(why, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Winners_must_have_opted_in_and_be_of_the_countries_and_segments_of_the_terms()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.FoundAsync(CallKit.External("ext") with
        {
            Eligibility = new EligibilityDefinition(Countries: ["MT"], Segments: ["vip"], Bands: [new StakeBandDefinition("EUR", 1, 2)], ConsentVersion: 3),
        });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        Assert.Equal("country_not_included", (await endpoints.TriggerAsync(Call(null, null))).Reason(422, "not-eligible"));
        Assert.Equal("segment_not_included", (await endpoints.TriggerAsync(Call("MT", null))).Reason(422, "not-eligible"));
        Assert.Equal("not_opted_in", (await endpoints.TriggerAsync(Call("MT", ["vip", "new"]))).Reason(422, "not-eligible"));
        (await endpoints.TriggerAsync(Call("mt", ["vip"]))).IsProblem(422, "field-invalid");
        (await endpoints.PostAsync("/v1/optin", """{"tenant_id":"brand-42","player_id":"a","jackpot_id":"ext","consent_version":3}""", tenant: TestLedger.Tenant)).Is(200);
        var first = await endpoints.TriggerAsync(Call("MT", ["vip", "new"]));
        first.Is(200);
        Assert.Equal(first, await endpoints.TriggerAsync(Call("MT", ["new", "vip"])));
        (await endpoints.TriggerAsync(Call("MT", ["vip"]))).IsProblem(409, "idempotency-key-reused");
    }

    [Theory]
    [InlineData("self_excluded", "player_self_excluded")]
    [InlineData("house_account", "player_is_house_account")]
    public async Task Who_is_excluded_between_drop_and_payment_is_held_for_a_person(string standing, string reason)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.FoundAsync(CallKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.TriggerAsync(CallKit.Trigger("t", "ext-main", "a", "b"))).Is(200);
        await endpoints.StandAsync(standing, "b");
        using var wallet = new FakeWallet();

        foreach (var payout in await ledger.RowsAsync("SELECT payout_id FROM payout"))
        {
            await PayAsync(ledger, wallet, payout);
        }

        Assert.Equal(["a credited", "b held " + reason], await ledger.RowsAsync("SELECT player_id, state, reason FROM payout ORDER BY player_id"));
        Assert.Equal(["a"], wallet.Credits.Select(credit => credit.Player));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE kind = 'jp.payout.held'"));
    }

    [Fact]
    public async Task What_the_wallet_has_paid_already_is_credited_whatever_became_of_the_player()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.FoundAsync(CallKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.TriggerAsync(CallKit.Trigger("t", "ext-main", "a"))).Is(200);
        var payout = await ledger.ScalarAsync<string>("SELECT payout_id FROM payout");
        using var wallet = new FakeWallet { Answer = _ => throw new HttpRequestException("the answer is lost") };
        await PayAsync(ledger, wallet, payout);
        await endpoints.StandAsync("self_excluded", "a");
        wallet.Answer = null;

        await PayAsync(ledger, wallet, payout);

        Assert.Equal(["credited"], await ledger.RowsAsync("SELECT state FROM payout"));
    }

    static Task<CreditOutcome> PayAsync(TestLedger ledger, FakeWallet wallet, string payout) => wallet.CreditAsync(ledger, payout);

    static string Call(string? country, string[]? segments) => JsonSerializer.Serialize(new
    {
        trigger_id = "t",
        pool_id = "ext-main",
        tenant_id = TestLedger.Tenant,
        winners = new[] { new { player_id = "a", game_id = "poker", round_id = "hand-1", player_country = country, segments } },
    });
}
