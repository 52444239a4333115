using Jackpot.Core.Amounts;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Contributions;

public sealed class JackpotRulesTests
{
    static readonly CycleSecret Secret = new(new byte[32]);

    [Fact]
    public void A_stake_grows_pool_and_reserve_by_their_rates()
    {
        var (decision, amounts, splits) = Record(Of(Random()), 2 * Unit);
        Assert.Equal(1, decision.Consumed);
        Assert.Equal([1_000 * Unit + 20_000], amounts);
        Assert.Equal([new ContributionSplit(20_000, 5_000, 0)], splits);
        Assert.Equal((20_000, 5_000), (decision.State.Pools[0].IncrementMicros, decision.State.Pools[0].ReserveMicros));
        Assert.Equal((2, 1), (decision.State.Version, decision.State.Sequence));
    }

    [Fact]
    [Trait("Rule", "R04")]
    public void What_rounding_leaves_over_goes_to_the_first_pools_reserve()
    {
        var third = Random() with { ContributionRate = new PartsPerMillion(333_333), ReserveRate = default, SeedMicros = Unit };
        var config = Of(third, third with { Id = MustDrop("b").Id }, third with { Id = MustDrop("c").Id });
        var (decision, _, splits) = Record(config, 5);
        Assert.Equal(4, splits[0].ContributionMicros);
        Assert.Equal(new ContributionSplit(3, 1, 0), splits[0]);
        Assert.Equal([1, 0, 0], decision.State.Pools.Select(pool => pool.ReserveMicros));
    }

    [Fact]
    [Trait("Rule", "R06")]
    public void At_the_ceiling_the_pool_stays_and_the_overflow_grows()
    {
        var config = Of(Random() with { CeilingMicros = 1_000 * Unit + 50_000 });
        var (decision, amounts, splits) = Record(config, 4 * Unit, 4 * Unit);
        Assert.Equal([1_000 * Unit + 40_000, 1_000 * Unit + 50_000], amounts);
        Assert.Equal(new ContributionSplit(10_000, 10_000, 30_000), splits[1]);
        Assert.Equal(30_000, decision.State.Pools[0].OverflowMicros);
    }

    [Fact]
    public void A_must_drop_never_passes_its_maximum_and_falls_at_it_at_the_latest()
    {
        var config = Of(MustDrop());
        var (decision, amounts, _) = Record(config, 10_000 * Unit, 1 * Unit);
        Assert.Equal((1, 12 * Unit), (decision.Consumed, amounts[0]));
        Assert.Equal(12 * Unit, Assert.Single(decision.Drops).AwardMicros);
        Assert.Equal(93 * Unit, decision.State.Pools[0].OverflowMicros);
    }

    [Fact]
    public void The_hidden_amount_is_compared_after_the_stakes_own_part_was_added()
    {
        var config = Of(MustDrop());
        var state = JackpotRules.Start(config).State;
        var hidden = PoolRules.HiddenThresholdMicros((MustDropByAmount)config.Pools[0].Trigger, state.Pools[0], Secret);
        var missing = hidden - state.Pools[0].AmountMicros;
        Assert.Empty(Record(config, (missing - 1) * 100).Decision.Drops);
        Assert.Equal(new HiddenAmountReached(hidden), Assert.Single(Record(config, missing * 100).Decision.Drops).Evidence);
    }

    [Fact]
    [Trait("Rule", "R05")]
    public void An_award_is_whole_minor_units_and_the_rest_stays_for_the_next_cycle()
    {
        var (decision, amounts, _) = Record(Of(Always()), 1_234_567);
        var drop = Assert.Single(decision.Drops);
        Assert.Equal(amounts[0], drop.AwardMicros + drop.RemainderMicros);
        Assert.Equal((1_000 * Unit + 10_000, 2_345), (drop.AwardMicros, drop.RemainderMicros));
        Assert.Equal((2_345, 0), (decision.State.Pools[0].IncrementMicros, decision.State.Pools[0].SeedMicros));
        Assert.Equal(PoolStatus.Dropped, decision.State.Pools[0].Status);
    }

    [Fact]
    public void The_next_seed_can_be_a_share_of_the_award_that_was_just_paid()
    {
        var config = Of(Always() with { SeedShareOfAward = new PartsPerMillion(500_000), SeedMicros = 100 * Unit });
        var dropped = Record(config, 90_000 * Unit).Decision;
        Assert.Equal(1_000 * Unit, Assert.Single(dropped.Drops).AwardMicros);
        Assert.Equal(500 * Unit, JackpotRules.OpenNextCycles(config, dropped.State).State.Pools[0].SeedMicros);
    }

    [Fact]
    public void The_batch_stops_after_the_stake_that_drops_a_pool()
    {
        var config = Of(Always(), Random("b"));
        var (decision, amounts, splits) = Record(config, 0, 1 * Unit, 5 * Unit);
        Assert.Equal((2, 2), (decision.Consumed, decision.State.Sequence));
        Assert.Equal(0, splits[2].ContributionMicros);
        Assert.Equal([0, 0], amounts[4..]);
        Assert.Equal([PoolStatus.Dropped, PoolStatus.Open], decision.State.Pools.Select(pool => pool.Status));
    }

    [Fact]
    [Trait("Rule", "R40")]
    public void One_stake_that_drops_several_tiers_is_paid_each_in_full_in_tier_order()
    {
        var config = Of(Always("mini"), Random("major"), Always("grand"));
        var drops = Record(config, 1 * Unit).Decision.Drops;
        Assert.Equal(["mini", "grand"], drops.Select(drop => drop.Pool.Value));
        Assert.All(drops, drop => Assert.Equal(1_000 * Unit + 10_000, drop.AwardMicros));
    }

    [Fact]
    public void Draws_of_a_batch_use_the_head_before_it_and_each_its_own_sequence()
    {
        var config = Of(Random() with { Trigger = new RandomTrigger(3 * Unit) });
        var state = JackpotRules.Start(config).State;
        var stakes = Enumerable.Repeat(1 * Unit, 100).ToArray();
        var expected = 1;
        while (Draw.Of(Secret, config.Id, config.Pools[0].Id, 1, expected, state.ChainHead) >= Draw.Threshold(1 * Unit, 3 * Unit))
        {
            expected++;
        }

        Assert.Equal(expected, Record(config, stakes).Decision.Consumed);
    }

    [Fact]
    public void A_stake_of_nothing_is_recorded_and_cannot_win()
    {
        var (decision, _, splits) = Record(Of(Always()), 0);
        Assert.Equal((1, 0), (decision.Consumed, splits[0].ContributionMicros));
        Assert.Empty(decision.Drops);
        Assert.Empty(decision.Ledger);
    }

    [Fact]
    public void No_stakes_change_nothing()
    {
        var config = Of(Random());
        var state = JackpotRules.Start(config).State;
        Assert.Equal(new BatchDecision(0, state, [], []), JackpotRules.Record(config, state, [], [Secret], [], []));
    }

    [Fact]
    [Trait("Rule", "R30")]
    public void A_jackpot_that_is_not_active_records_nothing()
    {
        var state = JackpotRules.Start(Of(Random())).State;
        foreach (var status in new[] { JackpotStatus.Paused, JackpotStatus.Decommissioned })
        {
            Assert.Throws<InvalidOperationException>(() => Record(Of(Random()), state with { Status = status }, Unit));
        }
    }

    [Fact]
    public void A_dropped_pool_must_be_reopened_before_the_next_stake()
    {
        var dropped = Record(Of(Always()), 1 * Unit).Decision.State;
        Assert.Throws<InvalidOperationException>(() => Record(Of(Always()), dropped, Unit));
        var reopened = JackpotRules.OpenNextCycles(Of(Always()), dropped).State;
        Assert.Equal(2, Assert.Single(Record(Of(Always()), reopened, Unit).Decision.Drops).Cycle);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(AmountText.MicrosMax + 1)]
    public void A_stake_out_of_range_is_the_callers_bug(long stake) =>
        Assert.Throws<ArgumentException>(() => Record(Of(Random()), stake));

    [Fact]
    public void Buffers_and_pools_that_do_not_fit_are_the_callers_bug()
    {
        var config = Of(Random());
        var state = JackpotRules.Start(config).State;
        var split = new ContributionSplit[1];
        Assert.Throws<ArgumentException>(() => JackpotRules.Record(config, state, [new Stake(1)], [], new long[1], split));
        Assert.Throws<ArgumentException>(() => JackpotRules.Record(config, state, [new Stake(1)], [Secret], [], split));
        Assert.Throws<ArgumentException>(() => JackpotRules.Record(config, state, [new Stake(1)], [Secret], new long[1], []));
        Assert.Throws<ArgumentException>(() => JackpotRules.Record(Of(Random("b")), state, [new Stake(1)], [Secret], new long[1], split));
    }

    [Fact]
    public void A_balance_that_would_not_fit_throws_before_anything_is_decided()
    {
        var config = Of(Random());
        var state = JackpotRules.Start(config).State;
        var full = state with { Pools = [state.Pools[0] with { ReserveMicros = long.MaxValue - 1 }] };
        Assert.Throws<OverflowException>(() => Record(config, full, 1 * Unit));
    }

    [Fact]
    public void A_faulty_configuration_cannot_start() =>
        Assert.Throws<ArgumentException>(() => JackpotRules.Start(Of(Random() with { SeedMicros = 1 })));

    [Fact]
    public void The_ledger_of_a_batch_tells_every_movement()
    {
        var decision = Record(Of(Always() with { CeilingMicros = 1_000 * Unit + 10_000 }), 2 * Unit).Decision;
        Assert.Equal(
            [
                (Account.PlayerContributions, -10_000), (Account.PoolIncrement, 10_000),
                (Account.PlayerContributions, -5_000), (Account.Reserve, 5_000),
                (Account.PlayerContributions, -10_000), (Account.Overflow, 10_000),
                (Account.PoolSeed, -1_000 * Unit), (Account.AwardsPayable, 1_000 * Unit),
                (Account.PoolIncrement, -10_000), (Account.AwardsPayable, 10_000),
            ],
            decision.Ledger.Select(entry => (entry.Account, entry.Micros)));
    }

    static PoolConfig Always(string id = "main") => Random(id) with { Trigger = new RandomTrigger(1) };

    static (BatchDecision Decision, long[] Amounts, ContributionSplit[] Splits) Record(JackpotConfig config, params long[] stakes) =>
        Record(config, JackpotRules.Start(config).State, stakes);

    static (BatchDecision Decision, long[] Amounts, ContributionSplit[] Splits) Record(JackpotConfig config, JackpotState state, params long[] stakes)
    {
        var amounts = new long[stakes.Length * config.Pools.Length];
        var splits = new ContributionSplit[stakes.Length];
        var secrets = Enumerable.Repeat(Secret, config.Pools.Length).ToArray();
        return (JackpotRules.Record(config, state, stakes.Select(stake => new Stake(stake)).ToArray(), secrets, amounts, splits), amounts, splits);
    }
}
