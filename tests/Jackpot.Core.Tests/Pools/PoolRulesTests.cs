using Jackpot.Core.Draws;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Pools;

public sealed class PoolRulesTests
{
    [Fact]
    public void The_house_seeds_the_first_cycle()
    {
        var opening = PoolRules.Start(Random());
        Assert.Equal((1, 0, 0, 1_000 * Unit), (opening.State.Cycle, opening.State.OpenedAfterSequence, opening.State.IncrementMicros, opening.State.SeedMicros));
        Assert.Equal(1_000 * Unit, opening.HouseSeededMicros);
        Assert.Equal([Entry(Account.House, -1_000 * Unit), Entry(Account.PoolSeed, 1_000 * Unit)], opening.Ledger);
    }

    [Theory]
    [Trait("Rule", "R08")]
    [InlineData(5_000, 7_000, 1_000, 0, 0)]
    [InlineData(300, 5_000, 300, 700, 0)]
    [InlineData(300, 200, 300, 200, 500)]
    [InlineData(0, 0, 0, 0, 1_000)]
    public void The_next_seed_comes_from_the_overflow_then_the_reserve_then_the_house(long overflow, long reserve, long fromOverflow, long fromReserve, long fromHouse)
    {
        var dropped = Dropped() with { OverflowMicros = overflow * Unit, ReserveMicros = reserve * Unit };
        var opening = PoolRules.OpenNextCycle(Random(), dropped, 77);
        Assert.Equal((overflow - fromOverflow, reserve - fromReserve), (opening.State.OverflowMicros / Unit, opening.State.ReserveMicros / Unit));
        Assert.Equal(fromHouse * Unit, opening.HouseSeededMicros);
        Assert.Equal(0, opening.Ledger.Sum(entry => entry.Micros));
        Assert.Equal(1_000 * Unit, opening.Ledger.Where(entry => entry.Account == Account.PoolSeed).Sum(entry => entry.Micros));
    }

    [Fact]
    [Trait("Rule", "R05")]
    public void The_next_cycle_keeps_the_remainder_and_counts_on()
    {
        var state = PoolRules.OpenNextCycle(Random(), Dropped() with { IncrementMicros = 9_999 }, 77).State;
        Assert.Equal((PoolStatus.Open, 5, 77, 9_999, 1_000 * Unit), (state.Status, state.Cycle, state.OpenedAfterSequence, state.IncrementMicros, state.SeedMicros));
        Assert.Equal(state.AmountMicros, state.ThresholdAboveMicros);
    }

    [Fact]
    public void Only_a_dropped_cycle_is_followed_by_the_next()
    {
        Assert.Throws<InvalidOperationException>(() => PoolRules.OpenNextCycle(Random(), Dropped() with { Status = PoolStatus.Open }, 77));
        Assert.Throws<InvalidOperationException>(() => PoolRules.OpenNextCycle(Random("other"), Dropped(), 77));
    }

    [Fact]
    [Trait("Rule", "R17")]
    public void A_hidden_amount_never_lies_on_ground_already_paid_for()
    {
        var random = SeededRandom.New();
        var trigger = new MustDropByAmount(10 * Unit, 10 * Unit + 10);
        for (var i = 0; i < 1_000; i++)
        {
            var pool = Dropped() with { ThresholdAboveMicros = 10 * Unit + random.Next(10) };
            var hidden = PoolRules.HiddenThresholdMicros(trigger, pool, new CycleSecret(random.Bytes(32)));
            Assert.InRange(hidden, pool.ThresholdAboveMicros + 1, 10 * Unit + 10);
        }
    }

    static LedgerEntry Entry(Account account, long micros) => new(Random().Id, account, micros);

    static PoolState Dropped() => new(Random().Id, PoolStatus.Dropped, 4, 10, 0, 0, 0, 0, 0);
}
