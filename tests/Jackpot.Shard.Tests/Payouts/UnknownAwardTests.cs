using Jackpot.Ledger.Outbox;
using Jackpot.Shard.Outbox;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Payouts.Community;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>What names an award or a payout that is not in the tables starts nothing, and what was started ends.</summary>
public sealed class UnknownAwardTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_award_that_is_not_in_the_tables_starts_nothing()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k", stakeMicros: 200_000_000)], Ct);

        // Without a sidecar nothing can be started, and what is to be started fails.
        using var payouts = new AwardPayouts(new DroppedAwards(), new PayoutStore(ledger.Database, new OutboxSignal(), ledger.Clock), new PayoutStarter(null!), ledger.Loops);
        await payouts.StartAsync("nowhere-1", Ct);
        var award = await ledger.ScalarAsync<string>("SELECT award_id FROM award");
        await Assert.ThrowsAnyAsync<Exception>(() => payouts.StartAsync(award!, Ct));
    }

    [Fact]
    public async Task A_saga_of_an_unknown_payout_gets_an_answer_that_ends_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var store = new PayoutStore(ledger.Database, new OutboxSignal(), ledger.Clock);

        Assert.Equal(CreditOutcome.Unknown, await new CreditWinner(store, null!, null!, null!).RunAsync(null!, "payout-nowhere-1"));
    }

    [Fact]
    public async Task Sharing_an_unknown_award_gets_an_answer_that_ends_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var sharing = new AwardSharing(ledger.Database, null!, new OutboxSignal(), ledger.Clock);
        await using var sidecar = await StubSidecar.StartAsync();

        Assert.Null(await sharing.ShareAsync("nowhere-1", Ct));
        Assert.Equal(ShareAward.Unknown, await new ShareAward(sharing, null!, new PayoutStarter(sidecar.Workflows), ledger.Parked).RunAsync(null!, "nowhere-1"));
    }
}
