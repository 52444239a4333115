using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Payouts;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Outbox;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Payouts.Community;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>What a wallet needs to book a credit: the player's own currency at the rate of the drop, and what the money is for.</summary>
public sealed class CreditRequestTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_winner_is_paid_in_the_currency_they_bet_in_at_the_rate_of_that_bet()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        await ledger.NewWriter().RecordAsync([InKronor(ledger.Item(jackpot, "k", stakeMicros: 200_000_000))], Ct);
        using var wallet = new FakeWallet();

        Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, await ledger.ScalarAsync<string>("SELECT payout_id FROM payout")));

        var award = await ledger.ScalarAsync<long>("SELECT amount FROM award");
        var paid = award * 1_000_000_000m / 88_500_000 / 10_000;
        Assert.Equal([$"{(long)paid * 10_000} SEK 88500000 7"], await ledger.RowsAsync("SELECT paid, paid_currency, rate_nanos, rate_version FROM payout"));
        var cost = (long)Math.Ceiling((long)paid * 10_000 * 88_500_000m / 1_000_000_000);
        Assert.Equal(award - cost, await ledger.ScalarAsync<long>("SELECT settlement FROM payout"));
        var sent = Assert.Single(wallet.Sent);
        Assert.Equal(((long)paid / 100m, "SEK"), (sent.GetProperty("amount").GetDecimal(), sent.GetProperty("currency").GetString()));
    }

    [Fact]
    public async Task The_credit_says_what_it_is_for()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var definition = TestLedger.MustDrop("drop");
        var jackpot = await ledger.CreateJackpotAsync(definition);
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k", stakeMicros: 200_000_000)], Ct);
        using var wallet = new FakeWallet();

        await wallet.CreditAsync(ledger, await ledger.ScalarAsync<string>("SELECT payout_id FROM payout"));

        var sent = Assert.Single(wallet.Sent);
        string? Text(string field) => sent.GetProperty(field).GetString();
        Assert.Equal(["game-1", "round-1", "c-k", "jackpot", "drop", definition.Name, definition.Pools[0].PoolId],
            ((string[])["game_id", "round_id", "contribution_id", "win_type", "jackpot_id", "jackpot_name", "tier"]).Select(Text));
        Assert.InRange(Text("transaction_id")!.Length, 1, 36);
    }

    [Fact]
    public async Task Whoever_shares_an_award_is_paid_in_their_own_currency_too_and_every_share_is_accounted_for()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var definition = TestLedger.MustDrop("shared");
        var jackpot = await ledger.CreateJackpotAsync(definition with { Pools = [definition.Pools[0] with { Community = [new TopOfCycleDefinition(300_000, 3)] }] });
        await ledger.NewWriter().RecordAsync(
            [InKronor(ledger.Item(jackpot, "a", 20_000_000, "in-kronor")), ledger.Item(jackpot, "b", 10_000_000, "in-euro"), ledger.Item(jackpot, "k", 200_000_000, "dropper")], Ct);
        using var wallet = new FakeWallet();

        var payouts = await new AwardSharing(ledger.Database, null!, new(), ledger.Clock).ShareAsync(await ledger.ScalarAsync<string>("SELECT award_id FROM award"), Ct);
        foreach (var payout in payouts!)
        {
            Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, payout));
        }

        var currencies = wallet.Sent.ToLookup(sent => sent.GetProperty("player_id").GetString()!, sent => sent.GetProperty("currency").GetString());
        Assert.Equal(["SEK"], currencies["in-kronor"]);
        Assert.Equal(["EUR"], currencies["in-euro"]);
        Assert.Contains("community", wallet.Sent.Select(sent => sent.GetProperty("win_type").GetString()));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("""
            SELECT sum(amount - settlement - ceil(paid * rate_nanos::numeric / 1000000000))::bigint FROM payout
            """));
    }

    [Fact]
    public async Task A_call_that_never_left_leaves_no_doubt_and_is_made_again_also_to_a_wallet_that_may_pay_twice()
    {
        using var regions = new TestRegions(walletAppliesIdsOnce: false);
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.NewWriter().RecordAsync([ledger.Item(await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop")), "k", stakeMicros: 200_000_000)], Ct);
        using var wallet = new FakeWallet { RegionsPath = regions.Path, IsAway = true };
        var payout = await ledger.ScalarAsync<string>("SELECT payout_id FROM payout");

        Assert.Equal(CreditOutcome.InDoubt, await wallet.CreditAsync(ledger, payout));
        Assert.Equal(["requested 1 1"], await ledger.RowsAsync("SELECT state, attempts, looks FROM payout"));
        wallet.IsAway = false;
        Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, payout));
        Assert.Single(wallet.Credits);
    }

    [Fact]
    public async Task What_never_left_says_nothing_about_what_was_sent_before()
    {
        using var regions = new TestRegions(walletAppliesIdsOnce: true);
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.NewWriter().RecordAsync([ledger.Item(await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop")), "k", stakeMicros: 200_000_000)], Ct);
        var store = new PayoutStore(ledger.Database, new OutboxSignal(), ledger.Clock);
        var payout = (await store.FindAsync(await ledger.ScalarAsync<string>("SELECT payout_id FROM payout"), Ct))!;
        var first = (await store.BeginCreditAsync(payout, Ct))!;
        var second = (await store.BeginCreditAsync(first, Ct))!;

        await store.NothingWasSentAsync(first, Ct);

        Assert.Equal(["crediting"], await ledger.RowsAsync("SELECT state FROM payout"));
        Assert.Equal(PayoutState.Crediting, second.State);
    }

    static AcceptedContribution InKronor(AcceptedContribution bet)
    {
        (bet.BetCurrency, bet.RateNanos, bet.RateVersion, bet.BetMicros) = ("SEK", 88_500_000, 7, bet.StakeMicros * 11);
        return bet;
    }
}
