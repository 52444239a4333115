using Jackpot.Contracts.Jackpots;
using Jackpot.Shard.Payouts.Community;
using Jackpot.Shard.Tests.ExternalTriggers;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Community;

/// <summary>What nobody has contributed to cannot be won: the rows say who has, as Core decides it.</summary>
public sealed class FeedersOnlyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // The pools take 10 % and 2.5 % of a stake: of nine micro-units nothing is left, of ten one.
    const string TooSmall = "0.000009";
    const string JustEnough = "0.00001";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0", "")]
    [InlineData(TooSmall, "")]
    [InlineData(JustEnough, "idle")]
    public async Task Only_who_has_put_something_in_shares_an_award(string stake, string sharer)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateJackpotAsync(ledger, new AmongActiveDefinition(500_000, 10, 1));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.BetAsync("share", "idle", stake, "idle")).Is(200);
        (await endpoints.BetAsync("share", "drop", "200", "winner")).Is(200);

        Assert.Equal(sharer, string.Join(' ', await SharersAsync(ledger)));
        await endpoints.AssertSoundAsync(ledger, "share");
    }

    [Theory]
    [InlineData("top_of_lifetime")]
    [InlineData("among_active")]
    public async Task What_was_put_into_an_earlier_cycle_is_no_share_of_this_one(string kind)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateJackpotAsync(ledger, kind == "among_active" ? new AmongActiveDefinition(500_000, 10, 24) : new TopOfLifetimeDefinition(500_000, 10));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.BetAsync("share", "before", "1", "before")).Is(200);
        (await endpoints.BetAsync("share", "drop-1", "200", "winner")).Is(200);
        (await endpoints.BetAsync("share", "in", "1", "in")).Is(200);
        (await endpoints.BetAsync("share", "idle", "0", "before")).Is(200);
        (await endpoints.BetAsync("share", "drop-2", "200", "winner")).Is(200);

        Assert.Equal(["in"], await SharersAsync(ledger, cycle: 2));
    }

    [Fact]
    public async Task A_cycle_that_was_opened_under_the_first_rules_is_shared_by_them()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await CreateJackpotAsync(ledger, new AmongActiveDefinition(500_000, 10, 1));
        await ledger.ExecuteAsync("UPDATE cycle SET rules = 1");
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.BetAsync("share", "idle", "0", "idle")).Is(200);
        (await endpoints.BetAsync("share", "drop", "200", "winner")).Is(200);

        Assert.Equal(["idle"], await SharersAsync(ledger));
        Assert.Equal(["1 1", "2 2"], await ledger.RowsAsync("SELECT cycle, rules FROM cycle ORDER BY cycle"));
        await endpoints.AssertSoundAsync(ledger, "share");
    }

    [Theory]
    [InlineData(1, "small")]
    [InlineData(2, "large")]
    public async Task A_stake_that_leaves_nothing_in_a_raffle_buys_no_ticket_of_cycles_opened_now(int rules, string first)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.WithTrigger(TestLedger.Quiet("raffle"), new RaffleTriggerDefinition(9, 10)));
        await ledger.ExecuteAsync($"UPDATE cycle SET rules = {rules}");
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.BetAsync("raffle", "a", TooSmall, "small")).Is(200);
        (await endpoints.BetAsync("raffle", "b", JustEnough, "large")).Is(200);

        var award = (await endpoints.DrawAsync("raffle-main", "d1")).Is(200).GetProperty("award");

        var tickets = award.GetProperty("winning_tickets").EnumerateArray().Select(ticket => ticket.GetInt64()).ToList();
        var holders = await ledger.RowsAsync("SELECT player_id FROM payout ORDER BY winner");
        Assert.Equal(first == "small" ? 2 : 1, tickets.Count);
        Assert.Equal(first, holders[tickets.IndexOf(1)]);
        await endpoints.AssertSoundAsync(ledger, "raffle");
    }

    [Fact]
    public async Task A_ripe_must_drop_goes_to_the_next_stake_that_feeds_it_and_its_export_says_under_which_rules()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var eager = TestLedger.Quiet("two").Pools[0] with { PoolId = "mini", SeedMicros = 9_000_000, Trigger = new RandomTriggerDefinition(1) };
        await ledger.CreateJackpotAsync(TestLedger.MustDrop("two") with { Pools = [eager, TestLedger.MustDrop("two").Pools[0]], TiersPerBetMax = 1 });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        // The mini is the higher award of the first bet, so the must-drop, filled to its maximum, is withheld.
        Assert.Equal("mini", (await endpoints.BetAsync("two", "fill", "1000", "a")).Is(200).GetProperty("awards")[0].GetProperty("pool_id").GetString());
        Assert.False((await endpoints.BetAsync("two", "nothing", "0", "b")).Is(200).TryGetProperty("awards", out _));
        Assert.Equal("two-main", (await endpoints.BetAsync("two", "next", JustEnough, "c")).Is(200).GetProperty("awards")[0].GetProperty("pool_id").GetString());

        Assert.Contains("\"rules\":2", (await endpoints.GetAsync("/v1/audit/pools/two-main/cycles/1/export")).Body, StringComparison.Ordinal);
        await endpoints.AssertSoundAsync(ledger, "two");
    }

    static async Task CreateJackpotAsync(TestLedger ledger, CommunityPartDefinition part)
    {
        var definition = TestLedger.MustDrop("share");
        await ledger.CreateJackpotAsync(definition with { Pools = [definition.Pools[0] with { Community = [part] }] });
    }

    static async Task<List<string>> SharersAsync(TestLedger ledger, int cycle = 1)
    {
        var award = await ledger.ScalarAsync<string>($"SELECT award_id FROM award WHERE cycle = {cycle}");
        await new AwardSharing(ledger.Database, null!, new(), ledger.Clock).ShareAsync(award, Ct);
        return await ledger.RowsAsync($"SELECT player_id FROM payout WHERE award_id = '{award}' AND winner > 0 ORDER BY winner");
    }
}
