using System.Net;
using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Outbox;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Payouts.Community;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>A community is credited in one call, and each of it has a state of their own: what a wallet does with one winner changes nothing for another.</summary>
public sealed class BatchCreditTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const int Players = 9;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_winners_are_credited_in_one_call_and_what_they_get_is_the_award()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        using var wallet = new FakeWallet();
        var payouts = await SharedAsync(ledger);

        Assert.Empty(await wallet.Batches(ledger).CreditAsync(payouts, Ct));

        Assert.Equal([payouts.Count], wallet.Batched);
        Assert.Equal([$"credited {payouts.Count}"], await StatesAsync(ledger));
        Assert.Equal(payouts.Order(StringComparer.Ordinal), wallet.Credits.Select(credit => credit.Id).Order(StringComparer.Ordinal));
        Assert.Equal(
            await ledger.ScalarAsync<long>("SELECT amount + house FROM award"),
            (long)(wallet.Credits.Sum(credit => credit.Amount) * 1_000_000m) + await ledger.ScalarAsync<long>("SELECT sum(settlement)::bigint FROM payout"));
        Assert.Equal(payouts.Count, await ledger.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE kind = 'jp.payout.credited'"));
    }

    [Fact]
    public async Task A_part_that_is_refused_or_not_answered_is_that_winners_alone()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var payouts = await SharedAsync(ledger);
        var (refused, silent, strange) = (payouts[1], payouts[2], payouts[3]);
        using var wallet = new FakeWallet
        {
            Omits = one => one.GetProperty("transaction_id").GetString() == silent,
            Answer = one => (HttpStatusCode.OK, one.GetProperty("transaction_id").GetString() switch
            {
                var id when id == refused => FakeWallet.Outcome(one, ("status", "\"refused\""), ("reason", "\"no such player\"")),
                var id when id == strange => FakeWallet.Outcome(one, ("amount", "0.01")),
                _ => FakeWallet.Outcome(one),
            }),
        };

        var left = await wallet.Batches(ledger).CreditAsync(payouts, Ct);

        Assert.Equal(new[] { silent, strange }.Order(StringComparer.Ordinal), left.Order(StringComparer.Ordinal));
        Assert.Equal([$"credited {payouts.Count - 3}", "crediting 2", "held 1"], await StatesAsync(ledger));
        Assert.Equal([$"{refused} wallet_refused no such player"], await ledger.RowsAsync("SELECT payout_id, hold_cause, reason FROM payout WHERE state = 'held'"));

        // What is in doubt is asked about by its own saga, and never sent again.
        (wallet.Answer, wallet.Omits) = (null, _ => false);
        foreach (var payout in left)
        {
            Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, payout));
        }

        Assert.Empty(wallet.Sent);
        Assert.Equal([payouts.Count], wallet.Batched);
    }

    [Fact]
    public async Task A_batch_without_an_answer_leaves_each_of_it_in_doubt_and_nothing_is_sent_twice()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var payouts = await SharedAsync(ledger);
        using var wallet = new FakeWallet { Answer = _ => throw new HttpRequestException("lost") };

        Assert.Equal(payouts.Order(StringComparer.Ordinal), (await wallet.Batches(ledger).CreditAsync(payouts, Ct)).Order(StringComparer.Ordinal));
        Assert.Equal([$"crediting {payouts.Count}"], await StatesAsync(ledger));

        // Again, as after a crash: nobody is sent anything who may have been credited.
        Assert.Equal(payouts.Count, (await wallet.Batches(ledger).CreditAsync(payouts, Ct)).Count);
        wallet.Answer = null;
        foreach (var payout in payouts)
        {
            Assert.Equal(CreditOutcome.Credited, await wallet.CreditAsync(ledger, payout));
        }

        Assert.Equal([payouts.Count], wallet.Batched);
        Assert.Empty(wallet.Sent);
    }

    [Fact]
    public async Task A_wallet_that_cannot_be_reached_leaves_every_winner_owed_as_before()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var payouts = await SharedAsync(ledger);
        using var wallet = new FakeWallet { IsAway = true };

        Assert.Equal(payouts.Count, (await wallet.Batches(ledger).CreditAsync(payouts, Ct)).Count);

        Assert.Equal([$"requested {payouts.Count}"], await StatesAsync(ledger));
    }

    [Fact]
    public async Task Whoever_may_not_be_paid_any_more_is_held_and_not_sent()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        using var wallet = new FakeWallet();
        var payouts = await SharedAsync(ledger);
        var player = await ledger.ScalarAsync<string>($"SELECT player_id FROM payout WHERE payout_id = '{payouts[1]}'");
        await endpoints.StandAsync("self_excluded", player);

        Assert.Empty(await wallet.Batches(ledger).CreditAsync(payouts, Ct));

        Assert.DoesNotContain(wallet.Credits, credit => credit.Player == player);
        Assert.Equal([$"credited {payouts.Count - 1}", "held 1"], await StatesAsync(ledger));
    }

    [Fact]
    public async Task Of_two_batches_at_once_each_winner_is_in_one()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        using var wallet = new FakeWallet();
        var payouts = await SharedAsync(ledger);

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => wallet.Batches(ledger).CreditAsync(payouts, Ct)));

        Assert.Equal(payouts.Count, wallet.Batched.Sum());
        Assert.Equal([$"credited {payouts.Count}"], await StatesAsync(ledger));
    }

    static Task<List<string>> StatesAsync(TestLedger ledger) => ledger.RowsAsync("SELECT state, count(*) FROM payout GROUP BY state ORDER BY state");

    /// <summary>An award of a winner and eight others, whose payouts have not been begun.</summary>
    static async Task<IReadOnlyList<string>> SharedAsync(TestLedger ledger)
    {
        var definition = TestLedger.MustDrop("share");
        var jackpot = await ledger.CreateJackpotAsync(definition with { Pools = [definition.Pools[0] with { Community = [new TopOfCycleDefinition(600_000, Players - 1)] }] });
        var writer = ledger.NewWriter();
        for (var i = 0; i < Players; i++)
        {
            await writer.RecordAsync([ledger.Item(jackpot, $"k-{i}", 1_000_000 + i, $"player-{i}")], Ct);
        }

        var award = Assert.Single((await writer.RecordAsync([ledger.Item(jackpot, "drop", 200_000_000, "dropper")], Ct))[0].Awards).AwardId;
        var payouts = (await new AwardSharing(ledger.Database, null!, new OutboxSignal(), ledger.Clock).ShareAsync(award, Ct))!;
        Assert.True(payouts.Count > 4, $"only {payouts.Count} share the award");
        return payouts;
    }
}
