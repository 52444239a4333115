using Jackpot.Core.Amounts;
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
        var opening = PoolRules.Start(Random(), Euro);
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
        var opening = PoolRules.OpenNextCycle(Random(), Euro, dropped, 77);
        Assert.Equal((overflow - fromOverflow, reserve - fromReserve), (opening.State.OverflowMicros / Unit, opening.State.ReserveMicros / Unit));
        Assert.Equal(fromHouse * Unit, opening.HouseSeededMicros);
        Assert.Equal(0, opening.Ledger.Sum(entry => entry.Micros));
        Assert.Equal(1_000 * Unit, opening.Ledger.Where(entry => entry.Account == Account.PoolSeed).Sum(entry => entry.Micros));
    }

    [Fact]
    [Trait("Rule", "R05")]
    public void The_next_cycle_keeps_the_remainder_and_counts_on()
    {
        var state = PoolRules.OpenNextCycle(Random(), Euro, Dropped() with { IncrementMicros = 9_999 }, 77).State;
        Assert.Equal((PoolStatus.Open, 5, 77, 9_999, 1_000 * Unit), (state.Status, state.Cycle, state.OpenedAfterSequence, state.IncrementMicros, state.SeedMicros));
        Assert.Equal(state.AmountMicros, state.ThresholdAboveMicros);
    }

    [Fact]
    public void Only_a_dropped_cycle_is_followed_by_the_next()
    {
        Assert.Throws<InvalidOperationException>(() => PoolRules.OpenNextCycle(Random(), Euro, Dropped() with { Status = PoolStatus.Open }, 77));
        Assert.Throws<InvalidOperationException>(() => PoolRules.OpenNextCycle(Random("other"), Euro, Dropped(), 77));
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

    [Theory]
    [InlineData(2_000, 1_000)] // half of it is less than agreed: the agreed seed
    [InlineData(9_000, 4_500)]
    [InlineData(90_000, 19_999)] // never at the ceiling
    public void A_seed_can_be_a_share_of_the_last_award(long award, long seed)
    {
        var terms = Random() with { SeedShareOfAward = new PartsPerMillion(500_000), CeilingMicros = 20_000 * Unit };
        var opening = PoolRules.OpenNextCycle(terms, Euro, Dropped() with { LastAwardMicros = award * Unit }, 77);
        Assert.Equal(seed * Unit, opening.State.SeedMicros - (seed == 19_999 ? 990_000 : 0));
        Assert.Equal(opening.State.SeedMicros, opening.HouseSeededMicros);
    }

    [Fact]
    public void A_share_of_an_award_is_rounded_down_to_minor_units_and_stays_under_a_must_drops_minimum()
    {
        var terms = MustDrop() with { SeedShareOfAward = new PartsPerMillion(333_333), Trigger = new MustDropByAmount(6 * Unit, 12 * Unit) };
        Assert.Equal(5_990_000, PoolRules.OpenNextCycle(terms, Euro, Dropped() with { LastAwardMicros = 18 * Unit }, 77).State.SeedMicros);
        Assert.Equal(6_000_000, PoolRules.OpenNextCycle(terms, Euro, Dropped() with { LastAwardMicros = 30 * Unit }, 77).State.SeedMicros);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(900, 0, 0)]
    [InlineData(700, 450, 150)]
    [InlineData(0, 9_000, 300)]
    public void A_boost_is_paid_by_overflow_and_reserve_and_never_by_the_house(long overflow, long reserve, long boost)
    {
        var dropped = Dropped() with { OverflowMicros = overflow * Unit, ReserveMicros = reserve * Unit };
        var opening = PoolRules.OpenNextCycle(Random() with { SeedBoostMicros = 300 * Unit }, Euro, dropped, 77);
        Assert.Equal((1_000 + boost) * Unit, opening.State.SeedMicros);
        Assert.Equal(Math.Max(1_000 - overflow - reserve, 0) * Unit, opening.HouseSeededMicros);
    }

    [Fact]
    public void The_house_can_fill_a_reserve()
    {
        var pool = PoolRules.Start(Random(), Euro).State;
        var funding = PoolRules.Fund(pool, 7);
        Assert.Equal([Entry(Account.House, -7), Entry(Account.Reserve, 7)], funding.Ledger);
        Assert.True(MoneyEquation.Of(pool, funding.State, funding.Ledger) is { Holds: true } books && books.HouseSeededMicros == 7);
        Assert.Throws<ArgumentOutOfRangeException>(() => PoolRules.Fund(pool, 0));
    }

    static LedgerEntry Entry(Account account, long micros) => new(Random().Id, account, micros);

    static PoolState Dropped() => new(Random().Id, PoolStatus.Dropped, 4, 10, 0, 0, 0, 0, 0);
}
