using System.Collections.Immutable;
using Jackpot.Core.Awards;
using Jackpot.Core.Ids;
using Jackpot.Core.Network;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using static Jackpot.Core.Tests.Network.Feeding;

namespace Jackpot.Core.Tests.Network;

public sealed class HomeRulesTests
{
    [Fact]
    public void New_entries_are_counted_in_their_order()
    {
        var shard = Fed(5);
        var counted = Assert.IsType<HomeOutcome.Counted>(HomeRules.Receive(Home, shard.All, Context));
        Assert.Equal(shard.Entries, counted.Entries);
        Assert.Equal(shard.Feeder.Last.Mark, CountedOf(counted.After));
        Assert.Equal(Home.Version + 1, counted.After.Version);
    }

    [Fact]
    public void A_repeated_delta_changes_nothing()
    {
        var shard = Fed(5);
        var home = Counted(Home, shard.All);
        Assert.Equal(new HomeOutcome.Repeated(home), HomeRules.Receive(home, shard.All, Context));
        Assert.Equal(new HomeOutcome.Repeated(home), HomeRules.Receive(home, shard.Delta(2, 3), Context));
    }

    [Fact]
    public void Of_an_overlapping_delta_only_the_new_entries_count()
    {
        var shard = Fed(8);
        var home = Counted(Home, shard.Delta(1, 5));
        var counted = Assert.IsType<HomeOutcome.Counted>(HomeRules.Receive(home, shard.Delta(3, 8), Context));
        Assert.Equal(shard.Entries[5..], counted.Entries);
    }

    [Fact]
    public void What_is_missing_before_a_delta_is_asked_for_and_nothing_is_counted()
    {
        var shard = Fed(8);
        var home = Counted(Home, shard.Delta(1, 2));
        var missing = Assert.IsType<HomeOutcome.Missing>(HomeRules.Receive(home, shard.Delta(6, 8), Context));
        Assert.Equal(new RangeRequest(Config.Id, Epoch(1), 3, 5), missing.Request);
        Assert.Equal(home, missing.After);
    }

    [Fact]
    public void Any_loss_repetition_and_order_of_deltas_counts_every_entry_once_and_in_order()
    {
        var random = SeededRandom.New();
        for (var round = 0; round < 500; round++)
        {
            var shard = Fed(random.Next(1, 40));
            var (home, counted) = (Home, new List<NetworkEntry>());
            while (CountedOf(home) != shard.Feeder.Last.Mark)
            {
                var from = random.Next(1, shard.Entries.Length + 1);
                var outcome = HomeRules.Receive(home, shard.Delta(from, random.Next(from, shard.Entries.Length + 1)), Context);
                home = outcome.After;
                counted.AddRange(outcome is HomeOutcome.Counted more ? more.Entries : []);
            }

            Assert.Equal(shard.Entries, counted);
        }
    }

    [Fact]
    public void Sums_that_differ_at_the_same_entry_suspend_the_feeder()
    {
        var home = Counted(Home, Fed(5).All);
        var other = Fed(0).Bet(8, 2 * Play.Terms.Unit);
        var suspended = Assert.IsType<HomeOutcome.Suspended>(HomeRules.Receive(home, other.All, Context));
        Assert.Equal(SuspensionReason.TotalsDiffer, suspended.Reason);
        Assert.Equal(CountedOf(home), CountedOf(suspended.After));
        Refused(suspended.After, Fed(9).All, DeltaRefusal.FeederSuspended);
        Assert.IsType<HomeOutcome.Counted>(HomeRules.Receive(HomeRules.Resume(suspended.After, Shard), Fed(9).All, Context));
    }

    [Theory]
    [InlineData(SuspensionReason.StakeAboveLimit, 1_001, 0)]
    [InlineData(SuspensionReason.ContributionDiffers, 1, 1)]
    public void An_entry_out_of_line_suspends_the_feeder(SuspensionReason reason, long units, long tooMuchMicros)
    {
        var delta = Fed(0).Bet(2, units * Play.Terms.Unit).All;
        var second = delta.Entries[1];
        var outcome = HomeRules.Receive(Home, delta with { Entries = delta.Entries.SetItem(1, second with { ContributionMicros = second.ContributionMicros + tooMuchMicros }) }, Context);
        Assert.Equal(reason, Assert.IsType<HomeOutcome.Suspended>(outcome).Reason);
        Assert.Null(CountedOf(outcome.After));
    }

    [Fact]
    public void A_backlog_of_a_day_fits_in_at_once_and_more_suspends_the_feeder()
    {
        var day = Fed(0).Bet(240, 1_000 * Play.Terms.Unit);
        Assert.IsType<HomeOutcome.Counted>(HomeRules.Receive(Home, day.All, Context));
        var more = HomeRules.Receive(Home, day.Bet(1).All, Context);
        Assert.Equal(SuspensionReason.FlowAboveLimit, Assert.IsType<HomeOutcome.Suspended>(more).Reason);
    }

    [Fact]
    public void Refusals_have_their_order()
    {
        var delta = Fed(1).All;
        Refused(Home, delta with { Entries = [delta.Entries[0] with { Sequence = 2 }], Jackpot = JackpotId.Parse("other") }, DeltaRefusal.Malformed);
        Refused(Home with { Status = HomeStatus.Moved }, delta with { Jackpot = JackpotId.Parse("other") }, DeltaRefusal.OtherJackpot);
        Refused(Home with { Status = HomeStatus.Moved, Feeders = [] }, delta, DeltaRefusal.HomeMoved);
        Refused(Home, delta with { HomeNumber = 2 }, DeltaRefusal.HomeMoved);
        Refused(Home with { Feeders = [] }, delta, DeltaRefusal.UnknownFeeder);
        Refused(Home, delta, DeltaRefusal.HomeMoved, Context with { Here = ShardEpoch.Of(HomeShard.Shard, 2) });
        Refused(Home, delta, DeltaRefusal.JackpotPaused, Context with { Jackpot = JackpotStatus.Paused, Terms = null });
        Refused(Home, delta, DeltaRefusal.UnknownTerms, Context with { Terms = null });
    }

    [Fact]
    public void Forms_that_no_feeder_sends_are_malformed()
    {
        var (delta, began) = (Fed(3).All, Fed(2).Feeder.Last.Mark);
        Delta[] malformed =
        [
            delta with { Entries = [.. Enumerable.Repeat(delta.Entries[0], Delta.EntriesMax + 1)] },
            delta with { Entries = delta.Entries.RemoveAt(1) },
            delta with { Entries = [delta.Entries[0] with { StakeMicros = -1 }] },
            delta with { Entries = [delta.Entries[0] with { ContributionMicros = -1 }] },
            delta with { Entries = [delta.Entries[0] with { ContributionMicros = 2 * Play.Terms.Unit }] },
            delta with { Entries = [delta.Entries[0] with { Voids = new EntryName(Epoch(1), 1) }] },
            delta with { Entries = [delta.Entries[0], delta.Entries[1] with { Voids = new EntryName(HomeShard, 1) }] },
            delta with { Before = delta.Before with { Sequence = -1 } },
            delta with { Before = delta.Before with { Totals = new EntryTotals(-1, 0) } },
            delta with { Began = began },
            delta with { Began = began with { Epoch = ShardEpoch.Of("another-1", 1) }, Before = EntryMark.Start(Epoch(2)) },
            delta with { HomeNumber = -1 },
            delta with { Receipts = [.. new AwardReceipt[Delta.ReceiptsMax + 1]] },
        ];
        Assert.All(malformed, one => Refused(Home, one, DeltaRefusal.Malformed));
    }

    [Fact]
    public void An_epoch_that_began_where_home_has_counted_goes_on()
    {
        var shard = Fed(5);
        var home = Counted(Home, shard.All);
        var next = shard.EnterEpoch(2).Bet(3);
        var counted = Assert.IsType<HomeOutcome.Counted>(HomeRules.Receive(home, next.All, Context));
        Assert.Equal(next.Entries, counted.Entries);
        Assert.Equal([shard.Feeder.Last.Mark], counted.After.Feeder(Shard)!.Ended);
        Assert.IsType<HomeOutcome.Repeated>(HomeRules.Receive(counted.After, shard.All, Context));
    }

    [Fact]
    public void What_an_epoch_had_before_the_next_one_is_asked_for_first()
    {
        var shard = Fed(5);
        var next = shard.EnterEpoch(2).Bet(3);
        var fresh = Assert.IsType<HomeOutcome.Missing>(HomeRules.Receive(Home, next.All, Context));
        Assert.Equal(new RangeRequest(Config.Id, Epoch(1), 1, 5), fresh.Request);

        var behind = Assert.IsType<HomeOutcome.Missing>(HomeRules.Receive(Counted(Home, shard.Delta(1, 3)), next.All, Context));
        Assert.Equal(new RangeRequest(Config.Id, Epoch(1), 4, 5), behind.Request);
    }

    [Fact]
    public void What_a_restored_shard_has_lost_is_taken_back_before_anything_new_counts()
    {
        var home = Counted(Home, Fed(9).All);
        var restored = Fed(5).EnterEpoch(2).Bet(2);
        var cut = Assert.IsType<HomeOutcome.CutBack>(HomeRules.Receive(home, restored.All, Context));
        Assert.Equal(Fed(5).Feeder.Last.Mark, cut.Until);
        Assert.Equal(4 * Fed(1).Entries[0].ContributionMicros, cut.TakenBack.ContributedMicros);

        var counted = Assert.IsType<HomeOutcome.Counted>(HomeRules.Receive(cut.After, restored.All, Context));
        Assert.Equal(restored.Feeder.Last.Mark, CountedOf(counted.After));
        Refused(counted.After, Fed(10).Delta(10, 10), DeltaRefusal.EpochOver);
    }

    [Fact]
    public void A_second_restore_to_the_same_backup_takes_back_the_first_life_too()
    {
        var first = Fed(5).EnterEpoch(2).Bet(4);
        var home = Counted(HomeRules.Receive(Counted(Home, Fed(9).All), first.All, Context).After, first.All);
        var second = Fed(5).EnterEpoch(3);
        var cut = Assert.IsType<HomeOutcome.CutBack>(HomeRules.Receive(home, second.All, Context));
        Assert.Equal(Fed(5).Feeder.Last.Mark, cut.Until);
        Assert.Equal(4 * Fed(1).Entries[0].ContributionMicros, cut.TakenBack.ContributedMicros);
        Refused(cut.After, first.Bet(1).All, DeltaRefusal.EpochOver);
    }

    [Fact]
    public void A_shard_that_begins_anew_with_nothing_is_cut_back_to_nothing()
    {
        var cut = Assert.IsType<HomeOutcome.CutBack>(HomeRules.Receive(Counted(Home, Fed(3).All), Fed(2, epoch: 2).All, Context));
        Assert.Null(cut.Until);
        Assert.Equal(Fed(3).Feeder.Last.Mark.Totals, cut.TakenBack);
    }

    [Fact]
    public void A_past_that_home_knows_otherwise_suspends_the_feeder()
    {
        var home = Counted(Home, Fed(5).All);
        var other = Fed(0).Bet(5, 2 * Play.Terms.Unit).EnterEpoch(2).Bet(1);
        Assert.Equal(SuspensionReason.HistoryDiffers, Assert.IsType<HomeOutcome.Suspended>(HomeRules.Receive(home, other.All, Context)).Reason);

        var forked = Fed(4).EnterEpoch(2);
        var second = Counted(home, Fed(5).EnterEpoch(2).Bet(1).All);
        Assert.Equal(SuspensionReason.HistoryDiffers, Assert.IsType<HomeOutcome.Suspended>(HomeRules.Receive(second, forked.Bet(3).All, Context)).Reason);
    }

    [Fact]
    public void A_home_that_has_moved_counts_nothing_and_the_new_one_goes_on_from_the_same_marks()
    {
        var shard = Fed(5);
        var move = HomeMove.To(Counted(Home, shard.Delta(1, 3)), Epoch(1));
        Refused(move.Left, shard.All, DeltaRefusal.HomeMoved);
        var counted = Assert.IsType<HomeOutcome.Counted>(HomeRules.Receive(move.Entered, shard.All, Context with { Here = Epoch(1) }));
        Assert.Equal(shard.Entries[3..], counted.Entries);
        Assert.True(StateOf(counted.After, JackpotOf()).IsNewerThan(StateOf(Home with { Version = 1_000 }, JackpotOf())));
        Assert.Throws<InvalidOperationException>(() => HomeMove.To(move.Left, Epoch(1)));
        Assert.Throws<InvalidOperationException>(() => HomeMove.To(Home, ShardEpoch.Of("stranger-1", 1)));
    }

    [Fact]
    public void Only_the_winners_shard_says_what_became_of_an_award_and_it_only_moves_forward()
    {
        var id = AwardId.Of(HomeShard, PoolId.Parse("mini"), 1);
        var told = AwardRules.Announce(Home, [new NetworkAward(id, PoolId.Parse("mini"), 1, new EntryName(Epoch(1), 3), 10 * Play.Terms.Unit)]);
        Assert.Equal(told, AwardRules.Receive(told, HomeShard.Shard, [new AwardReceipt(id, AwardProgress.Paid)]));

        var resolved = AwardRules.Receive(told, Shard, [new AwardReceipt(id, AwardProgress.Resolved)]);
        Assert.Equal(AwardProgress.Resolved, resolved.Awards.Single().Progress);
        Assert.Equal(resolved, AwardRules.Receive(resolved, Shard, [new AwardReceipt(id, AwardProgress.Announced)]));
        Assert.Empty(AwardRules.Receive(resolved, Shard, [new AwardReceipt(id, AwardProgress.Paid)]).Awards);
    }

    static JackpotState JackpotOf() => Core.Contributions.JackpotRules.Start(Config).State;

    static HomeState Counted(HomeState home, Delta delta) => Assert.IsType<HomeOutcome.Counted>(HomeRules.Receive(home, delta, Context)).After;

    static void Refused(HomeState home, Delta delta, DeltaRefusal reason, HomeContext? context = null) =>
        Assert.Equal(new HomeOutcome.Refused(home, reason), HomeRules.Receive(home, delta, context ?? Context));
}
