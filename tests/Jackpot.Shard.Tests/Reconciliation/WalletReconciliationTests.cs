using System.Net;
using Jackpot.Ledger.Outbox;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Reconciliation;
using Jackpot.Shard.Tests.Payouts;
using Jackpot.Shard.Tests.Telemetry;
using Jackpot.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Reconciliation;

/// <summary>What was credited is asked about afterwards, once; whatever a wallet says else is told once, and silence is no answer.</summary>
public sealed class WalletReconciliationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Counter = "jackpot.reconciliation.payouts";

    readonly FakeTimeProvider _clock = TestClock.AtNewYear();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wallets_that_have_every_credit_are_asked_once_about_each_and_not_before_it_is_ten_minutes_old()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        using var wallet = new FakeWallet();
        await CreditedAsync(ledger, wallet, 3);
        using var measured = new Measured(wallet.Metrics);

        Assert.Equal(0, await RunAsync(ledger, wallet));
        Assert.Equal(0, measured.Of(Counter + " same"));
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(0, await RunAsync(ledger, wallet));
        Assert.Equal(0, await RunAsync(ledger, wallet));

        Assert.Equal(3, measured.Of(Counter + " same"));
        Assert.Empty(await ledger.RowsAsync("SELECT text FROM payout_note"));
    }

    [Theory]
    [InlineData("missing", "the wallet knows no such transaction")]
    [InlineData("refused", "no such player")]
    [InlineData("other", "amount")]
    public async Task A_wallet_that_tells_another_story_is_an_alarm_and_a_note_once(string outcome, string why)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        using var wallet = new FakeWallet();
        var payout = (await CreditedAsync(ledger, wallet, 2))[0];
        using var measured = new Measured(wallet.Metrics);
        var log = new TestLog<WalletReconciliation>();
        wallet.Forgets = outcome == "missing";
        wallet.Answer = outcome switch
        {
            "refused" => transaction => (HttpStatusCode.OK, FakeWallet.Outcome(transaction, ("status", "\"refused\""), ("reason", "\"no such player\""))),
            "other" => transaction => (HttpStatusCode.OK, FakeWallet.Outcome(transaction, ("amount", "1.00"))),
            _ => null,
        };
        _clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(2, await RunAsync(ledger, wallet, log));
        Assert.Equal(0, await RunAsync(ledger, wallet, log));

        Assert.Equal(2, measured.Of($"{Counter} {outcome}"));
        Assert.Contains(why, Assert.Single(await ledger.RowsAsync($"SELECT text FROM payout_note WHERE payout_id = '{payout}' AND author = 'reconciliation'")), StringComparison.Ordinal);
        Assert.Equal(2, log.Entries.Count(entry => entry.Message.Contains(outcome, StringComparison.Ordinal)));
        Assert.Equal(["credited", "credited"], await ledger.RowsAsync("SELECT state FROM payout"));
    }

    [Fact]
    public async Task A_wallet_that_does_not_answer_is_asked_again_in_the_next_run()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        using var wallet = new FakeWallet();
        await CreditedAsync(ledger, wallet, 2);
        using var measured = new Measured(wallet.Metrics);
        _clock.Advance(TimeSpan.FromMinutes(11));

        wallet.IsAway = true;
        Assert.Equal(0, await RunAsync(ledger, wallet));
        wallet.IsAway = false;
        Assert.Equal(0, await RunAsync(ledger, wallet));

        Assert.Equal((2, 2), (measured.Of(Counter + " not_answered"), measured.Of(Counter + " same")));
    }

    [Fact]
    public async Task What_was_credited_before_this_version_and_what_is_not_credited_is_not_asked_about()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        using var wallet = new FakeWallet();
        var payouts = await CreditedAsync(ledger, wallet, 2);
        await ledger.ExecuteAsync($"UPDATE payout SET reconciled_at = now() WHERE payout_id = '{payouts[0]}'; UPDATE payout SET state = 'held' WHERE payout_id = '{payouts[1]}'");
        _clock.Advance(TimeSpan.FromHours(2));
        wallet.Forgets = true;

        Assert.Equal(0, await RunAsync(ledger, wallet));
    }

    [Fact]
    public async Task Another_process_that_is_at_it_is_left_alone()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres, _clock);
        using var wallet = new FakeWallet();
        await using var other = await ledger.Election.TryLeadAsync(Ledger.Leadership.LeaderRole.Reconciliation, Ct);

        Assert.Null(await RunAsync(ledger, wallet));
    }

    static Task<int?> RunAsync(TestLedger ledger, FakeWallet wallet, TestLog<WalletReconciliation>? log = null) => new WalletReconciliation(
        ledger.Database, new PayoutStore(ledger.Database, new OutboxSignal(), ledger.Clock), wallet.Client(), wallet.Tenants(), ledger.Election, wallet.Metrics, ledger.Clock,
        log ?? new TestLog<WalletReconciliation>()).RunAsync(Ct);

    static async Task<List<string>> CreditedAsync(TestLedger ledger, FakeWallet wallet, int payouts)
    {
        var ids = new List<string>();
        for (var i = 0; i < payouts; i++)
        {
            var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop($"drop-{i}"));
            await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, $"k-{i}", 200_000_000)], Ct);
            ids.Add(await ledger.ScalarAsync<string>("SELECT payout_id FROM payout WHERE state = 'requested'"));
            Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, ids[^1]));
        }

        return ids;
    }
}
