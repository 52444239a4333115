using System.Net;
using Jackpot.Core.Payouts;
using Jackpot.Ledger.Outbox;
using Jackpot.Shard.Payouts;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>The saga's step over its rows: what a wallet did or may have done is never done a second time, and nothing stays open for ever.</summary>
public sealed class SagaTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "held wallet_refused False")]
    [InlineData(HttpStatusCode.Forbidden, "held wallet_refused False")]
    [InlineData(HttpStatusCode.Gone, "held wallet_refused False")]
    [InlineData(HttpStatusCode.RequestTimeout, "crediting  False")]
    [InlineData(HttpStatusCode.TooManyRequests, "crediting  False")]
    [InlineData(HttpStatusCode.InternalServerError, "crediting  False")]
    [InlineData(HttpStatusCode.BadGateway, "crediting  False")]
    public async Task A_plain_no_is_a_refusal_and_a_fault_leaves_the_credit_in_doubt(HttpStatusCode status, string row)
    {
        await using var ledger = await DroppedAsync();
        using var wallet = new FakeWallet { Answer = _ => (status, "no"u8.ToArray()) };

        await wallet.CreditAsync(ledger, await IdAsync(ledger));

        Assert.Equal([row], await RowAsync(ledger));
    }

    [Fact]
    public async Task A_credit_without_an_answer_is_not_sent_again_to_a_wallet_that_may_pay_it_twice()
    {
        using var regions = new TestRegions(walletAppliesIdsOnce: false);
        await using var ledger = await DroppedAsync();
        using var wallet = new FakeWallet { RegionsPath = regions.Path, Answer = _ => throw new HttpRequestException("the answer is lost") };
        var payout = await IdAsync(ledger);
        Assert.Equal(CreditOutcome.InDoubt, await wallet.CreditAsync(ledger, payout));
        (wallet.Answer, wallet.Forgets) = (null, true);

        Assert.Equal(CreditOutcome.Held, await wallet.CreditAsync(ledger, payout));

        Assert.Equal(["held wallet_forgot True"], await RowAsync(ledger));
        Assert.Single(wallet.Credits);
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT attempts::bigint FROM payout"));
    }

    [Fact]
    public async Task A_wallet_that_never_answers_clearly_leaves_the_payout_with_people_in_the_end()
    {
        await using var ledger = await DroppedAsync();
        using var wallet = new FakeWallet { Answer = _ => (HttpStatusCode.BadGateway, []) };
        var payout = await IdAsync(ledger);
        for (var look = 1; look < PayoutRetries.LooksMax; look++)
        {
            Assert.Equal(CreditOutcome.InDoubt, await wallet.CreditAsync(ledger, payout));
        }

        Assert.Equal(CreditOutcome.Held, await wallet.CreditAsync(ledger, payout));

        Assert.Equal(["held wallet_in_doubt True"], await RowAsync(ledger));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE kind = 'jp.payout.held'"));
    }

    [Fact]
    public async Task An_answer_that_comes_after_people_were_asked_still_counts()
    {
        await using var ledger = await DroppedAsync();
        var store = new PayoutStore(ledger.Database, new OutboxSignal(), ledger.Clock);
        var sent = (await store.BeginCreditAsync((await store.FindAsync(await IdAsync(ledger), Ct))!, Ct))!;
        await store.MarkHeldAsync(sent, HoldCause.WalletForgot, "the wallet knows no such transaction", Ct);

        await store.MarkCreditedAsync(sent, Ct);

        Assert.Equal(["credited  False"], await RowAsync(ledger));
        Assert.Equal(["crediting", "held wallet_forgot", "credited"], await StepsAsync(ledger));
    }

    [Fact]
    public async Task Of_two_attempts_at_once_one_sends()
    {
        await using var ledger = await DroppedAsync();
        var store = new PayoutStore(ledger.Database, new OutboxSignal(), ledger.Clock);
        var seen = (await store.FindAsync(await IdAsync(ledger), Ct))!;

        Assert.NotNull(await store.BeginCreditAsync(seen, Ct));
        Assert.Null(await store.BeginCreditAsync(seen, Ct));
    }

    [Fact]
    public async Task An_award_above_the_limit_waits_before_a_cent_moves()
    {
        using var regions = new TestRegions(walletAppliesIdsOnce: true, holdAbove: 9);
        await using var ledger = await DroppedAsync();
        using var wallet = new FakeWallet { RegionsPath = regions.Path };

        Assert.Equal(CreditOutcome.Held, await wallet.CreditAsync(ledger, await IdAsync(ledger)));

        Assert.Equal(["held large_award False"], await RowAsync(ledger));
        Assert.Empty(wallet.Credits);
    }

    static Task<string> IdAsync(TestLedger ledger) => ledger.ScalarAsync<string>("SELECT payout_id FROM payout");

    static Task<List<string>> RowAsync(TestLedger ledger) => ledger.RowsAsync("SELECT state, coalesce(hold_cause, ''), in_doubt FROM payout");

    static Task<List<string>> StepsAsync(TestLedger ledger) => ledger.RowsAsync("SELECT trim(concat_ws(' ', state, cause)) FROM payout_step ORDER BY number");

    async Task<TestLedger> DroppedAsync()
    {
        var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.FoundAsync(TestLedger.MustDrop("drop"));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k", stakeMicros: 200_000_000)], Ct);
        return ledger;
    }
}
