using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Regulator.Replay;
using Jackpot.Shard.Tests.Changes;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;
using static Jackpot.Shard.Tests.Changes.StaffSteps;

namespace Jackpot.Shard.Tests.Lifecycle;

/// <summary>Ending a jackpot that holds money: everything goes to its targets.</summary>
public sealed class TransferTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const long Euro = 1_000_000;
    const string Pools = """{"old-fast":"new-fast","old-slow":"new-slow"}""";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Its second tier is soon full, so that it has all four balances.</summary>
    static JackpotDefinition Old => TwoTiers("old").WithPool(1, pool => pool with { CeilingMicros = 1_001 * Euro });

    /// <summary>EUR 40 staked on the old jackpot, as much as told on the new one, and the old one paused.</summary>
    static async Task<(JackpotEntry Old, JackpotEntry New)> PlayedAsync(TestLedger ledger, TestEndpoints endpoints, long onNew = 10 * Euro)
    {
        var (old, target) = (await ledger.CreateJackpotAsync(Old), await ledger.CreateJackpotAsync(TwoTiers("new")));
        await ledger.NewWriter().RecordAsync([ledger.Item(old, "o", 40 * Euro), ledger.Item(target, "n", onNew)], Ct);
        (await endpoints.StatusAsync("old", "pause")).Is(204);
        return (old, target);
    }

    static Task<EndpointAnswer> OrderAsync(TestEndpoints endpoints, string pools = Pools, string staffUser = Author, string of = "old") =>
        endpoints.PostAsync($"/v1/admin/jackpots/{of}/transfer", $$"""{"pools":{{pools}},"why":"end of campaign"}""", staffUser);

    static Task<EndpointAnswer> DecideAsync(TestEndpoints endpoints, JsonElement order, string step, string staffUser) =>
        endpoints.PostAsync($"/v1/admin/transfers/{order.GetProperty("transfer_id").GetInt64()}/{step}", null, staffUser);

    static async Task TransferredAsync(TestEndpoints endpoints) => (await DecideAsync(endpoints, (await OrderAsync(endpoints)).Is(201), "approve", Other)).Is(200);

    static Task<string> BalancesAsync(TestLedger ledger, string pool) => ledger.ScalarAsync<string>(
        $"SELECT concat_ws(' ', increment, seed, reserve, overflow) FROM pool_state s JOIN pool p USING (id) WHERE p.pool_id = '{pool}'");

    [Fact]
    [Trait("Rule", "R24")]
    [Trait("Rule", "R26")]
    [Trait("Rule", "R27")]
    public async Task All_four_balances_of_all_pools_move_and_the_source_ends_in_one_step()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await PlayedAsync(ledger, endpoints);
        var sum = "SELECT sum(increment + seed + reserve + overflow)::bigint FROM pool_state";
        var before = await ledger.ScalarAsync<long>(sum);
        Assert.Equal("4000000 1000000 1000000 0", await BalancesAsync(ledger, "old-fast"));
        Assert.Equal("1000000 1000000000 400000 1000000", await BalancesAsync(ledger, "old-slow"));

        await TransferredAsync(endpoints);

        Assert.Equal("0 0 0 0", await BalancesAsync(ledger, "old-fast"));
        Assert.Equal("0 0 0 0", await BalancesAsync(ledger, "old-slow"));
        // What players saw stays seen up to the target's ceiling of EUR 2,000; what lies above it is overflow.
        Assert.Equal("6000000 1000000 1250000 0", await BalancesAsync(ledger, "new-fast"));
        Assert.Equal("1000000000 1000000000 500000 2500000", await BalancesAsync(ledger, "new-slow"));
        Assert.Equal(before, await ledger.ScalarAsync<long>(sum));
        Assert.Equal("decommissioned active", await ledger.ScalarAsync<string>("SELECT string_agg(status, ' ' ORDER BY id) FROM jackpot_state"));
        Assert.Equal(4L, await ledger.ScalarAsync<long>("SELECT count(*) FROM journal WHERE kind = 'transfer'"));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT sum(transfer)::bigint FROM journal"));
        await ledger.AssertBalancedAsync();
        (await endpoints.BetAsync("old", "late")).IsProblem(409, "jackpot-paused");
        (await endpoints.StatusAsync("old", "resume")).IsProblem(409, "jackpot-over");
    }

    [Fact]
    [Trait("Rule", "R26")]
    public async Task The_audit_log_tells_who_ordered_and_who_allowed_it_and_every_balance_before_and_after()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await PlayedAsync(ledger, endpoints);
        var from = await ledger.ScalarAsync<long>("SELECT max(number) FROM audit_entry");

        await TransferredAsync(endpoints);

        Assert.Equal(
            "jackpot old: transfer 1 proposed by anna, jackpot old: transfer 1 done by anna+ben, "
            + "jackpot old: decommissioned by transfer 1 by anna+ben, jackpot new: filled by transfer 1 by anna+ben",
            await ledger.ScalarAsync<string>(
                $"SELECT string_agg(component || ': ' || action || ' by ' || concat_ws('+', person, nullif(authorised_by, '')), ', ' ORDER BY number) FROM audit_entry WHERE number > {from}"));
        Assert.Equal("2000000 6000000", await ledger.ScalarAsync<string>(
            "SELECT concat_ws(' ', (before::json #>> '{new-fast,increment}')::bigint + (before::json #>> '{new-fast,seed}')::bigint, after::json #>> '{new-fast,increment}') "
            + "FROM audit_entry ORDER BY number DESC LIMIT 1"));
        (await endpoints.GetAsync("/v1/audit/log/verify")).Is(200);
    }

    [Fact]
    [Trait("Rule", "R17")]
    public async Task The_targets_next_batch_goes_on_and_its_drop_pays_everything()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var targetWriter = ledger.NewWriter();
        var (old, target) = await PlayedAsync(ledger, endpoints);
        await targetWriter.RecordAsync([ledger.Item(target, "warm")], Ct);

        await TransferredAsync(endpoints);
        var next = (await targetWriter.RecordAsync([ledger.Item(target, "next")], Ct))[0];
        RecordedContribution drop;
        for (var i = 0; (drop = (await targetWriter.RecordAsync([ledger.Item(target, $"k{i}")], Ct))[0]).Awards.Length == 0; i++)
        {
            Assert.InRange(i, 0, 60);
        }

        Assert.Equal((RecordedKind.Accepted, 7 * Euro + 200_000), (next.Kind, next.Pools[0].AmountMicros));
        Assert.InRange(drop.Awards[0].AmountMicros, 10 * Euro, 12 * Euro);
        await ledger.AssertBalancedAsync();
        var replayer = endpoints.Services.GetRequiredService<JackpotReplayer>();
        foreach (var jackpot in new[] { old, target })
        {
            var report = await replayer.RunAsync(jackpot, long.MaxValue, _ => Task.CompletedTask, Ct);
            Assert.True(report.Agrees, string.Join("; ", report.Findings.Select(finding => finding.Message)));
        }
    }

    [Fact]
    [Trait("Rule", "R17")]
    public async Task A_target_that_is_filled_to_its_brim_falls_above_what_it_holds_and_not_by_the_transfer()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var (_, target) = await PlayedAsync(ledger, endpoints, onNew: 80 * Euro);

        await TransferredAsync(endpoints);

        Assert.Equal("11999999 11999999", await ledger.ScalarAsync<string>(
            "SELECT concat_ws(' ', increment + seed, threshold_above) FROM pool_state s JOIN pool p USING (id) WHERE p.pool_id = 'new-fast'"));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));
        var drop = (await ledger.NewWriter().RecordAsync([ledger.Item(target, "last")], Ct))[0];
        Assert.Equal(12 * Euro, drop.Awards[0].AmountMicros);
        await ledger.AssertBalancedAsync();
    }

    [Theory]
    [InlineData("approve", Author, 403, "same-person")]
    [InlineData("reject", Author, 403, "same-person")]
    [InlineData("withdraw", Other, 403, "not-the-author")]
    [Trait("Rule", "R20")]
    public async Task Who_may_not_decide_a_transfer_is_refused(string step, string staffUser, int status, string type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await PlayedAsync(ledger, endpoints);
        var order = (await OrderAsync(endpoints)).Is(201);
        var rows = await ledger.EveryRowAsync();

        (await DecideAsync(endpoints, order, step, staffUser)).IsProblem(status, type);

        Assert.Equal(rows, await ledger.EveryRowAsync());
    }

    [Theory]
    [InlineData("approve", Other, "done")]
    [InlineData("reject", Other, "rejected")]
    [InlineData("withdraw", Author, "withdrawn")]
    public async Task A_decided_order_takes_no_further_step(string step, string staffUser, string after)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await PlayedAsync(ledger, endpoints);
        var order = (await OrderAsync(endpoints)).Is(201);
        (await OrderAsync(endpoints)).IsProblem(409, "transfer-waits");

        Assert.Equal(after, (await DecideAsync(endpoints, order, step, staffUser)).Is(200).StatusWord());
        var rows = await ledger.EveryRowAsync();
        (await DecideAsync(endpoints, order, "approve", Other)).IsProblem(409, "not-in-this-state");
        (await DecideAsync(endpoints, order, "reject", Other)).IsProblem(409, "not-in-this-state");
        (await DecideAsync(endpoints, order, "withdraw", Author)).IsProblem(409, "not-in-this-state");

        Assert.Equal(rows, await ledger.EveryRowAsync());
        var list = (await endpoints.GetAsync("/v1/admin/jackpots/old/transfers")).Is(200).GetProperty("transfers");
        Assert.Equal(after, Assert.Single(list.EnumerateArray()).StatusWord());
    }

    public static TheoryData<string, string, Func<JackpotDefinition, JackpotDefinition>, string> Refusals() => new()
    {
        { "transfer-pools-not-mapped", "{}", terms => terms, "" },
        { "transfer-pools-not-mapped", """{"old-fast":"new-fast"}""", terms => terms, "" },
        { "transfer-pools-not-mapped", """{"old-fast":"new-fast","old-slow":"new-slow","new-fast":"old-fast"}""", terms => terms, "" },
        { "transfer-target-elsewhere", """{"old-fast":"new-fast","old-slow":"triple-grand"}""", terms => terms, "" },
        { "transfer-pools-not-mapped", """{"old-fast":"old-slow","old-slow":"new-slow"}""", terms => terms, "" },
        { "transfer-target-elsewhere", """{"old-fast":"new-fast","old-slow":null}""", terms => terms, "" },
        { "transfer-target-not-open", Pools, terms => terms, "new" },
        { "transfer-currencies-differ", Pools, terms => terms with { Currency = "USD" }, "" },
        { "transfer-odds-worse", Pools, terms => terms.WithPool(1, pool => pool with { Trigger = new RandomTriggerDefinition(2 * SureStake) }), "" },
        { "transfer-odds-not-comparable", Pools, terms => terms.WithPool(1, pool => pool with { Trigger = new ExternalTriggerDefinition() }), "" },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    [Trait("Rule", "R25")]
    public async Task A_transfer_that_would_cost_players_something_is_refused_and_moves_nothing(
        string type, string pools, Func<JackpotDefinition, JackpotDefinition> target, string paused)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(Old);
        await ledger.CreateJackpotAsync(target(TwoTiers("new")));
        (await endpoints.StatusAsync("old", "pause")).Is(204);
        if (paused.Length > 0)
        {
            (await endpoints.StatusAsync(paused, "pause")).Is(204);
        }

        var rows = await ledger.EveryRowAsync();
        Assert.NotEmpty((await OrderAsync(endpoints, pools)).IsProblem(409, type));

        Assert.Equal(rows, await ledger.EveryRowAsync());
    }

    [Fact]
    [Trait("Rule", "R25")]
    public async Task What_changes_between_order_and_approval_is_looked_at_again()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await PlayedAsync(ledger, endpoints);
        var order = (await OrderAsync(endpoints)).Is(201);

        (await endpoints.StatusAsync("old", "resume")).Is(204);
        (await DecideAsync(endpoints, order, "approve", Other)).IsProblem(409, "jackpot-not-paused");
        (await endpoints.StatusAsync("old", "pause")).Is(204);
        (await endpoints.StatusAsync("new", "pause")).Is(204);
        (await DecideAsync(endpoints, order, "approve", Other)).IsProblem(409, "transfer-target-not-open");
        (await endpoints.StatusAsync("new", "resume")).Is(204);
        (await DecideAsync(endpoints, order, "approve", Other)).Is(200);
    }

    [Fact]
    public async Task A_running_jackpot_and_an_unknown_one_are_not_transferred()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(Old);
        await ledger.CreateJackpotAsync(TwoTiers("new"));

        (await OrderAsync(endpoints)).IsProblem(409, "jackpot-not-paused");
        (await OrderAsync(endpoints, of: "nowhere")).IsProblem(404, "not-found");
        (await endpoints.GetAsync("/v1/admin/transfers/1")).IsProblem(404, "not-found");
        (await endpoints.PostAsync("/v1/admin/jackpots/old/transfer", """{"pools":null,"why":"x"}""", Author)).IsProblem(400, "malformed-json");
    }

    [Fact]
    public async Task Two_pools_may_have_one_target()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var two = TwoTiers("old").WithPool(1, pool => TwoTiers("old").Pools[0] with { PoolId = "old-slow" });
        await ledger.CreateJackpotAsync(two);
        await ledger.CreateJackpotAsync(TestLedger.MustDrop("new"));
        (await endpoints.StatusAsync("old", "pause")).Is(204);

        var order = (await OrderAsync(endpoints, """{"old-fast":"new-main","old-slow":"new-main"}""")).Is(201);
        (await DecideAsync(endpoints, order, "approve", Other)).Is(200);

        Assert.Equal("2000000 1000000 0 0", await BalancesAsync(ledger, "new-main"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task Bets_that_race_with_a_transfer_are_all_kept()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var (_, target) = await PlayedAsync(ledger, endpoints);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var accepted = 0;
        var playing = Task.Run(async () =>
        {
            var writer = ledger.NewWriter();
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                accepted += (await writer.RecordAsync([ledger.Item(target, $"r{i}")], Ct)).Count(answer => answer.Kind == RecordedKind.Accepted);
            }
        }, Ct);

        await TransferredAsync(endpoints);
        await stop.CancelAsync();
        await playing;

        Assert.Equal(accepted + 2L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
        await ledger.AssertBalancedAsync();
    }
}
