using Jackpot.Contracts.Jackpots;
using Jackpot.Regulator.Reports;
using Jackpot.Shard.Balancing;
using Jackpot.Shard.Payouts.Community;
using Jackpot.Shard.Tests.ExternalTriggers;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Shard.Tests.Audit;

/// <summary>Amounts that are each as large as they may be add up to more than 64 bits of micro-units, and the books go on.</summary>
public sealed class LargeSumsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>With the seed of EUR 1000.00 an award just below 10^12.</summary>
    const string Bet = "999000000000";

    const int Cycles = 10;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_stakes_of_the_largest_amount_can_be_balanced()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("big"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        for (var i = 0; i < 10; i++)
        {
            (await endpoints.SendAsync(BetBody.Json(ledger, $"k{i}", "big", BetBody.Bet("1000000000000")))).Is(200);
        }

        Assert.Equal((1, 0), await RunAsync(endpoints));
        Assert.Equal((1, 0), await RunAsync(endpoints));
        Assert.Equal(["10000000000000000000"], await ledger.RowsAsync("SELECT sum(stake) FROM contribution_day"));
    }

    [Fact]
    public async Task Every_book_of_ten_cycles_of_the_largest_amount_answers_and_agrees()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Whole(TriggerKit.External("big")));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, metrics: true);
        await PlayAsync(ledger, endpoints);

        Assert.Equal((1, 0), await RunAsync(endpoints));
        foreach (var by in (string[])["pool", "tenant", "day"])
        {
            (await endpoints.GetAsync("/v1/audit/balancing?by=" + by)).Is(200);
        }

        foreach (var report in ReportCatalog.All.Keys)
        {
            (await endpoints.GetAsync($"/v1/audit/reports/{report}?tenant={TestLedger.Tenant}&player=rich&interval=day")).Is(200);
        }

        var record = (await endpoints.GetAsync("/v1/audit/jackpots/big")).Is(200).GetProperty("pools")[0];
        Assert.Equal(9_990_000_000_000m, record.GetProperty("contributions_in").GetProperty("amount").GetDecimal());
        Assert.Equal(9_990_000_010_000m, record.GetProperty("wins").GetProperty("amount").GetDecimal());
        (await endpoints.GetAsync("/v1/jp/jackpots/big/awards", tenant: TestLedger.Tenant)).Is(200);
        Assert.Contains("jackpot_balancing_runs_total", (await endpoints.GetAsync("/metrics")).Body, StringComparison.Ordinal);
        await endpoints.AssertSoundAsync(ledger, "big");
    }

    [Fact]
    public async Task A_player_who_put_in_more_than_fits_can_share_an_award()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var definition = Whole(TriggerKit.External("big"));
        await ledger.CreateJackpotAsync(definition with { Pools = [definition.Pools[0] with { Community = [new TopOfLifetimeDefinition(500_000, 10)] }] });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await PlayAsync(ledger, endpoints);

        await new AwardSharing(ledger.Database, null!, new(), ledger.Clock).ShareAsync(
            await ledger.ScalarAsync<string>("SELECT award_id FROM award ORDER BY cycle DESC LIMIT 1"), Ct);

        Assert.Equal(["rich 499500000500000000"], await ledger.RowsAsync("SELECT player_id, amount FROM payout WHERE part IS NOT NULL"));
    }

    [Fact]
    public async Task A_jackpot_whose_books_cannot_be_read_is_an_incident_and_the_others_are_balanced()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        foreach (var id in (string[])["broken", "off", "sound"])
        {
            await ledger.CreateJackpotAsync(TestLedger.Quiet(id));
        }

        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.ExecuteAsync("UPDATE jackpot SET definition = definition - 'currency' WHERE jackpot_id = 'broken'");
        await ledger.ExecuteAsync("UPDATE pool_state s SET reserve = reserve + 1 FROM pool p WHERE p.id = s.id AND p.pool_id = 'off-main'");

        Assert.Equal((3, 2), await RunAsync(endpoints));

        Assert.Equal(
            ["broken paused", "off paused", "sound active"],
            await ledger.RowsAsync("SELECT jackpot_id, status FROM jackpot j JOIN jackpot_state s USING (id) ORDER BY jackpot_id"));
        Assert.Equal(
            ["broken unreadable", "off pool"],
            await ledger.RowsAsync("SELECT jackpot_id, differences -> 0 ->> 'what' FROM balancing_incident i JOIN jackpot j ON j.id = i.jackpot ORDER BY jackpot_id"));
        foreach (var by in (string[])["pool", "tenant", "day"])
        {
            var answer = (await endpoints.GetAsync("/v1/audit/balancing?by=" + by)).Is(409);
            Assert.Equal("broken", Assert.Single(answer.GetProperty("unreadable").EnumerateArray()).GetProperty("jackpot_id").GetString());
        }

        (await endpoints.GetAsync("/v1/audit/balancing?jackpot=sound")).Is(200);
    }

    static JackpotDefinition Whole(JackpotDefinition definition) =>
        definition with { Pools = [definition.Pools[0] with { ContributionPpm = 1_000_000, ReservePpm = 0 }] };

    static async Task PlayAsync(TestLedger ledger, TestEndpoints endpoints)
    {
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            (await endpoints.SendAsync(BetBody.Json(ledger, $"k{cycle}", "big", BetBody.Bet(Bet), ("player_id", "\"rich\"")))).Is(200);
            (await endpoints.TriggerAsync(TriggerKit.Trigger($"t{cycle}", "big-main", "winner"))).Is(200);
        }
    }

    static async Task<(int Jackpots, int Differing)> RunAsync(TestEndpoints endpoints)
    {
        var result = (await endpoints.Services.GetRequiredService<BalancingRun>().RunAsync(Ct))!;
        return (result.Jackpots, result.Differing);
    }
}
