using Jackpot.Ledger.Outbox;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Payouts.Community;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>What names an award or a payout that is not in the tables starts nothing, and what was started ends.</summary>
public sealed class UnknownAwardTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1_000_000_000, false)]
    [InlineData(1, true)]
    public async Task An_event_of_an_unknown_award_goes_to_the_dead_letter_and_starts_nothing(int payouts, bool sharing)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var doors = await TestDoors.OpenAsync(ledger);

        var answer = await doors.PostAsync("/events/jp-triggered", $$"""
            {"id":"1","specversion":"1.0","type":"t","source":"s","datacontenttype":"application/json","data":{"shard":"{{TestLedger.Shard}}","award_id":"nowhere-1","pool_id":"p","jackpot_id":"j",
             "tenant_id":"brand-42","cycle":1,"sequence":1,"amount":{"amount":2000000000000.00,"currency":"EUR"},"awarded_at":"2026-01-01T00:00:00Z","payouts":{{payouts}},"sharing":{{(sharing ? "true" : "false")}} } }
            """);

        Assert.Equal("DROP", answer.Is(200).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_saga_of_an_unknown_payout_gets_an_answer_that_ends_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var store = new PayoutStore(ledger.Database, new OutboxSignal(), ledger.Clock);

        Assert.Equal(CreditOutcome.Unknown, await new CreditWinner(store, null!, null!).RunAsync(null!, "payout-nowhere-1"));
    }

    [Fact]
    public async Task Sharing_an_unknown_award_gets_an_answer_that_ends_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var sharing = new AwardSharing(ledger.Database, null!, new OutboxSignal(), ledger.Clock);
        await using var sidecar = await StubSidecar.StartAsync();

        Assert.Null(await sharing.ShareAsync("nowhere-1", Ct));
        Assert.Equal(ShareAward.Unknown, await new ShareAward(sharing, new PayoutStarter(sidecar.Workflows), ledger.Parked).RunAsync(null!, "nowhere-1"));
    }
}
