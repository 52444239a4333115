using Jackpot.Core.Awards;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Network;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Voids;
using static Jackpot.Core.Tests.Network.Feeding;

namespace Jackpot.Core.Tests.Network;

public sealed class FeederRulesTests
{
    [Fact]
    public void What_a_feeder_shows_is_exactly_what_home_shows_when_it_has_counted_the_same()
    {
        var random = SeededRandom.New();
        var compared = 0;
        for (var round = 0; round < 300; round++)
        {
            var jackpot = JackpotRules.Start(Config).State;
            var shard = Hear(Fed(0), StateOf(Home, jackpot));
            shard = Enumerable.Range(0, random.Next(1, 30)).Aggregate(shard, (fed, _) => fed.Bet(1, random.NextInt64(100 * Play.Terms.Unit) >> random.Next(20)));
            CycleSecret[] secrets = [.. Config.Pools.Select(_ => new CycleSecret(random.Bytes(CycleSecret.Bytes)))];
            Stake[] stakes = [.. shard.Entries.Select(entry => new Stake(entry.StakeMicros))];
            var decision = JackpotRules.Record(Config, jackpot, stakes, secrets, new long[stakes.Length * 2], new ContributionSplit[stakes.Length]);
            if (!decision.Drops.IsEmpty)
            {
                continue;
            }

            compared++;
            Assert.All(decision.State.Pools.Select((pool, tier) => (pool, tier)), one => Assert.Equal(one.pool.AmountMicros, shard.Feeder.ShownMicros(Config, one.tier)));
        }

        Assert.InRange(compared, 200, 300);
    }

    [Fact]
    public void A_void_shows_and_sums_what_home_takes_back()
    {
        var random = SeededRandom.New();
        for (var round = 0; round < 300; round++)
        {
            var stake = random.NextInt64(2, 100 * Play.Terms.Unit);
            var (feeder, bet) = FeederRules.Contribute(Fed(0).Feeder, Config, stake);
            var (first, second) = (random.NextInt64(1, stake), 0L);
            second = stake - first;
            var name = new EntryName(Epoch(1), bet.Sequence);
            (feeder, var one) = FeederRules.Void(feeder, Config, name, stake, 0, first);
            (feeder, var two) = FeederRules.Void(feeder, Config, name, stake, first, second);
            Assert.Equal(bet.ContributionMicros, one.ContributionMicros + two.ContributionMicros);
            Assert.Equal(new EntryTotals(bet.ContributionMicros, bet.ContributionMicros), feeder.Last.Mark.Totals);
            Assert.All(feeder.Last.IncrementsMicros, micros => Assert.Equal(0, micros));

            var recorded = JackpotRules.Start(Config).State with { Sequence = 1 };
            var decided = VoidRules.Decide(Config, recorded, [new VoidOrder(new VoidableBet(1, stake, stake, Config, 0), first, VoidRoad.Pools)]);
            Assert.Equal(decided.Parts[0].ContributionMicros, one.ContributionMicros);
        }
    }

    [Fact]
    public void More_than_is_left_of_a_stake_is_not_voided()
    {
        var feeder = Fed(1).Feeder;
        Assert.Throws<ArgumentOutOfRangeException>(() => FeederRules.Void(feeder, Config, new EntryName(Epoch(1), 1), 100, 60, 41));
        Assert.Throws<ArgumentOutOfRangeException>(() => FeederRules.Void(feeder, Config, new EntryName(Epoch(1), 1), 100, 60, 0));
    }

    [Fact]
    public void Nothing_is_shown_above_the_ceiling()
    {
        var shard = Hear(Fed(0), StateOf(Home, JackpotRules.Start(Config).State)).Bet(2_000, 1_000 * Play.Terms.Unit);
        Assert.Equal(Config.Pools[1].CeilingMicros, shard.Feeder.ShownMicros(Config, 1));
        Assert.Equal(Config.Pools[0].EffectiveCeilingMicros, shard.Feeder.ShownMicros(Config, 0));
    }

    [Fact]
    public void Nothing_is_shown_before_home_was_heard() => Assert.Null(Fed(3).Feeder.ShownMicros(Config, 0));

    [Fact]
    public void An_acknowledgement_moves_the_own_part_into_homes()
    {
        var shard = Hear(Fed(0), StateOf(Home, JackpotRules.Start(Config).State)).Bet(5);
        var home = HomeRules.Receive(Home, shard.Delta(1, 3), Context).After;
        var after = Hear(shard, StateOf(home, JackpotRules.Start(Config).State));
        Assert.Equal(shard.Points[2], after.Feeder.Acknowledged);
        Assert.Equal(2 * 10_000, after.Feeder.ShownMicros(Config, 0) - Config.Pools[0].SeedMicros);
    }

    [Fact]
    public void An_older_message_changes_nothing_and_a_repeated_one_says_that_home_lives()
    {
        var jackpot = JackpotRules.Start(Config).State;
        var shard = Hear(Fed(0), StateOf(Home with { Version = 9 }, jackpot));
        Assert.Equal((StateAnswer.Older, shard.Feeder), FeederRules.Hear(shard.Feeder, StateOf(Home with { Version = 8 }, jackpot), null, Now + 5));
        var (answer, after) = FeederRules.Hear(shard.Feeder, StateOf(Home with { Version = 9 }, jackpot), null, Now + 5);
        Assert.Equal((StateAnswer.Repeated, Now + 5), (answer, after.HeardAtUnixMs));
    }

    [Fact]
    public void A_newer_home_is_believed_whatever_its_version_and_the_old_one_no_more()
    {
        var jackpot = JackpotRules.Start(Config).State;
        var shard = Hear(Fed(0), StateOf(Home with { Version = 900 }, jackpot));
        var moved = StateOf(Home with { Version = 3, Epoch = Home.Epoch.MovedTo(Epoch(1)) }, jackpot);
        shard = Hear(shard, moved);
        Assert.Equal(StateAnswer.Older, FeederRules.Hear(shard.Feeder, StateOf(Home with { Version = 901 }, jackpot), null, Now).Answer);
        Assert.Equal(2, shard.Bet(1).All.HomeNumber);
    }

    [Fact]
    public void Messages_of_other_jackpots_and_of_homes_that_do_not_know_the_shard_are_refused()
    {
        var (feeder, state) = (Fed(0).Feeder, StateOf(Home, JackpotRules.Start(Config).State));
        Assert.Equal(StateAnswer.OtherJackpot, FeederRules.Hear(feeder, state with { Jackpot = JackpotId.Parse("other") }, null, Now).Answer);
        Assert.Equal(StateAnswer.NotAFeeder, FeederRules.Hear(feeder, state with { Feeders = [] }, null, Now).Answer);
        Assert.Equal(StateAnswer.NotAFeeder, FeederRules.Hear(feeder, state with { Pools = [] }, null, Now).Answer);
    }

    [Fact]
    public void A_feeder_restored_without_a_new_epoch_takes_no_more_bets()
    {
        var home = HomeRules.Receive(Home, Fed(9).All, Context).After;
        var (answer, feeder) = FeederRules.Hear(Fed(5).Feeder, StateOf(home, JackpotRules.Start(Config).State), null, Now);
        Assert.Equal((StateAnswer.Suspended, SuspensionReason.LostTail, FeederStatus.Suspended), (answer, feeder.Suspended, feeder.Status(Now)));
        Assert.Throws<InvalidOperationException>(() => FeederRules.Contribute(feeder, Config, 1));

        var entered = FeederRules.EnterEpoch(feeder, Epoch(2));
        Assert.Equal((5, 0, null), (entered.Began!.Mark.Sequence, entered.Last.Mark.Sequence, entered.Suspended));
    }

    [Fact]
    public void Sums_that_differ_and_a_later_life_of_the_same_shard_suspend()
    {
        var jackpot = JackpotRules.Start(Config).State;
        var home = HomeRules.Receive(Home, Fed(5).All, Context).After;
        var other = Fed(0).Bet(5, 3 * Play.Terms.Unit);
        Assert.Equal(SuspensionReason.TotalsDiffer, FeederRules.Hear(other.Feeder, StateOf(home, jackpot), other.Points[4], Now).After.Suspended);

        var later = HomeRules.Receive(home, Fed(5).EnterEpoch(2).Bet(1).All, Context).After;
        Assert.Equal(SuspensionReason.EpochOver, FeederRules.Hear(Fed(5).Feeder, StateOf(later, jackpot), null, Now).After.Suspended);
    }

    [Fact]
    public void A_suspension_by_home_holds_until_home_lifts_it()
    {
        var jackpot = JackpotRules.Start(Config).State;
        var suspended = HomeRules.Suspend(Home, Shard, SuspensionReason.ByStaff);
        var shard = Hear(Fed(3), StateOf(suspended, jackpot));
        Assert.Equal(FeederStatus.Suspended, shard.Feeder.Status(Now));
        shard = Hear(shard, StateOf(HomeRules.Resume(suspended, Shard), jackpot));
        Assert.Equal(FeederStatus.Live, shard.Feeder.Status(Now));
        Assert.IsType<HomeOutcome.Counted>(HomeRules.Receive(HomeRules.Resume(suspended, Shard), shard.All, Context));
    }

    [Fact]
    public void An_amount_is_live_while_home_is_heard_and_syncing_afterwards()
    {
        Assert.Equal(FeederStatus.Syncing, Fed(1).Feeder.Status(Now));
        var feeder = Hear(Fed(0), StateOf(Home, JackpotRules.Start(Config).State)).Feeder;
        Assert.Equal(FeederStatus.Live, feeder.Status(Now + FeederState.LiveMsMax));
        Assert.Equal(FeederStatus.Syncing, feeder.Status(Now + FeederState.LiveMsMax + 1));
    }

    [Fact]
    public void An_epoch_without_entries_leaves_no_trace()
    {
        var shard = Fed(5).EnterEpoch(2).EnterEpoch(3).Bet(1);
        Assert.Equal(Fed(5).Feeder.Last.Mark, shard.All.Began);
        Assert.Throws<ArgumentException>(() => FeederRules.EnterEpoch(shard.Feeder, Epoch(3)));
        Assert.Throws<ArgumentException>(() => FeederRules.EnterEpoch(shard.Feeder, ShardEpoch.Of("other-1", 9)));
    }

    [Fact]
    public void Only_the_shard_that_has_the_entry_pays_and_a_lost_entry_is_nobody_elses()
    {
        var feeder = Fed(5).EnterEpoch(2).Bet(5).Feeder;
        var award = new NetworkAward(AwardId.Of(HomeShard, PoolId.Parse("mini"), 1), PoolId.Parse("mini"), 1, new EntryName(Epoch(1), 7), 10);
        Assert.Equal(AwardProgress.Unresolved, AwardRules.Resolve(feeder, award, OwnEntry.Unknown));
        Assert.Equal(AwardProgress.Resolved, AwardRules.Resolve(feeder, award, OwnEntry.Known));
        Assert.Null(AwardRules.Resolve(feeder, award with { Winner = new EntryName(HomeShard, 7) }, OwnEntry.Unknown));
    }

    static FedShard Hear(FedShard shard, NetworkState state)
    {
        var counted = state.Feeder(Shard)!.Counted;
        var own = counted is { Sequence: > 0 } mark ? shard.Points[(int)mark.Sequence - 1] : null;
        var (answer, after) = FeederRules.Hear(shard.Feeder, state, own, Now);
        Assert.Equal(StateAnswer.Taken, answer);
        return shard with { Feeder = after };
    }
}
