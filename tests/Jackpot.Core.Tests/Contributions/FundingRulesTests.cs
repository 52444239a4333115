using Jackpot.Core.Changes;
using Jackpot.Core.Contributions;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Verification;
using Jackpot.Core.Voids;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Contributions;

/// <summary>What money a bet was made with: it may feed and not win, and the house may pay for it.</summary>
public sealed class FundingRulesTests
{
    static JackpotConfig CashWins(params PoolConfig[] pools) => Of([.. pools]) with { FeedsOnly = [BetFunding.Bonus, BetFunding.FreeRound], PaidByHouse = [BetFunding.FreeRound] };

    [Fact]
    public void A_pool_that_is_due_waits_for_the_next_bet_that_may_win()
    {
        var live = new LiveJackpot(CashWins(MustDrop()), SeededRandom.New());
        live.Play([new Stake(2_000 * Unit, BetFunding.FreeRound), new Stake(100 * Unit, BetFunding.Bonus)]);
        Assert.Empty(live.Drops);
        Assert.Equal(12 * Unit, live.State.Pools[0].AmountMicros);
        live.Play([new Stake(Unit, BetFunding.Bonus), new Stake(Unit), new Stake(Unit, BetFunding.FreeRound)]);
        Assert.Equal(4, Assert.Single(live.Drops).Sequence);
    }

    [Fact]
    public void A_bet_that_may_not_win_buys_no_tickets()
    {
        var live = new LiveJackpot(CashWins(Raffle()), SeededRandom.New());
        live.Play([new Stake(50 * Unit, BetFunding.FreeRound), new Stake(10 * Unit), new Stake(50 * Unit, BetFunding.Bonus)]);
        Assert.Equal(2, live.State.Pools[0].TicketsSold);
    }

    [Fact]
    public void The_house_pays_what_its_free_rounds_give_and_gets_it_back()
    {
        var live = new LiveJackpot(CashWins(External(), External("second")), SeededRandom.New());
        var before = live.State.Pools;
        var opening = live.Ledger.Count;
        live.Play([new Stake(100 * Unit + 1, BetFunding.FreeRound), new Stake(10 * Unit), new Stake(7, BetFunding.FreeRound)]);
        Assert.Equal(-Contribution(live, 1) - Contribution(live, 3), Sum(Account.House));
        Assert.Equal(-Contribution(live, 2), Sum(Account.PlayerContributions));
        live.Void((1, null, VoidRoad.Pools), (2, null, VoidRoad.Pools), (3, null, VoidRoad.Pools));
        Assert.Equal((0L, 0L), (Sum(Account.House), Sum(Account.PlayerContributions)));
        Assert.Equal(before, live.State.Pools);

        long Sum(Account account) => live.Ledger.Skip(opening).Where(entry => entry.Account == account).Sum(entry => entry.Micros);
    }

    [Fact]
    public void Whatever_is_played_only_what_may_win_wins_and_replay_and_verify_agree()
    {
        var random = SeededRandom.New();
        var live = new LiveJackpot(CashWins(MustDrop(), Random("second") with { Trigger = new RandomTrigger(500 * Unit) }), random);
        for (var batch = 0; batch < 200; batch++)
        {
            live.Play([.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => new Stake(random.NextInt64(0, 60 * Unit), (BetFunding)random.Next(3)))]);
            if (random.Next(3) == 0)
            {
                live.Void((random.NextInt64(1, live.State.Sequence + 1), null, VoidRoad.Pools));
            }
        }

        var rows = live.Batches.SelectMany(batch => batch.Rows).ToDictionary(row => row.Sequence);
        Assert.InRange(live.Drops.Count, 10, int.MaxValue);
        Assert.All(live.Drops, drop => Assert.Equal(BetFunding.Cash, rows[drop.Sequence].Funding));
        Assert.All(live.Drops, drop => Assert.Empty(CycleVerifier.Verify(live.Export(drop))));
        var (replay, drops, ledger) = live.Life().Again();
        Assert.Empty(replay.Findings);
        Assert.Equal(live.Drops.Select(drop => (drop.Pool, drop.Sequence, drop.AwardMicros)), drops.Select(drop => (drop.Pool, drop.Sequence, drop.AwardMicros)));
        Assert.Equal(live.State.Pools, replay.State.Pools);
        Assert.Equal(live.Ledger.Skip(live.Ledger.Count - ledger.Length), ledger);
    }

    /// <summary>Who says of the winning bet that it was other money, or of one before it that it could win, is found out by the chain.</summary>
    [Fact]
    public void What_money_a_bet_was_is_part_of_the_chain()
    {
        var live = new LiveJackpot(CashWins(MustDrop()), SeededRandom.New());
        live.Play([new Stake(2_000 * Unit, BetFunding.FreeRound), new Stake(Unit)]);
        var export = live.Export(Assert.Single(live.Drops));
        Assert.Empty(CycleVerifier.Verify(export));

        var last = export.Batches.Length - 1;
        var forged = export.WithBatch(last, batch => batch.WithRow(batch.Rows.Length - 1, row => row with { Funding = BetFunding.FreeRound }));
        Assert.Contains(CycleVerifier.Verify(forged), finding => finding.Kind == FindingKind.RootMismatch);
        var earlier = export.WithBatch(0, batch => batch.WithRow(0, row => row with { Funding = BetFunding.Cash }));
        Assert.Contains(CycleVerifier.Verify(earlier), finding => finding.Kind == FindingKind.RootMismatch);

        var rehashed = export.WithBatch(last, batch => Forgery.Rehashed(export.Jackpot, batch.WithRow(batch.Rows.Length - 1, row => row with { Funding = BetFunding.FreeRound })));
        Assert.Contains(CycleVerifier.Verify(rehashed), finding => finding.Kind == FindingKind.NoDrop);
    }

    [Fact]
    public void What_money_wins_and_who_pays_for_it_cannot_change()
    {
        var config = CashWins(MustDrop());
        Assert.True(TermsInForce.CanBecome(config, config with { Name = "Another" }));
        Assert.False(TermsInForce.CanBecome(config, config with { FeedsOnly = [] }));
        Assert.False(TermsInForce.CanBecome(config, config with { PaidByHouse = [] }));
        Assert.NotEqual(config, config with { FeedsOnly = [BetFunding.Bonus] });
    }

    static long Contribution(LiveJackpot live, long sequence) => live.Batches.SelectMany(batch => batch.Rows).Single(row => row.Sequence == sequence).ContributionMicros;
}
