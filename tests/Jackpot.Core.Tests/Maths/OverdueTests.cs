using Jackpot.Core.Maths;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Maths;

public sealed class OverdueTests
{
    static PoolState Open(PoolConfig terms) => PoolRules.Start(terms, Euro).State;

    [Fact]
    public void A_random_pool_is_overdue_when_so_many_misses_are_rarer_than_one_in_ten_thousand()
    {
        var terms = Terms.Random() with { Trigger = new RandomTrigger(1_000_000) };
        Assert.False(Overdue.IsBeyond(terms, Open(terms), 9_210_340));
        Assert.True(Overdue.IsBeyond(terms, Open(terms), 9_210_341));

        // e^-9.210340372 is the 10,000th part; a thousand stakes of a thousandth each miss less often than that.
        Assert.True(Math.Exp(-9.210341) < 0.0001 && Math.Exp(-9.21034) > 0.0001);
        Assert.True(Math.Pow(1 - 0.001, 9_211) < 0.0001);
    }

    [Fact]
    public void A_cycle_in_order_is_overdue_about_once_in_ten_thousand()
    {
        var random = SeededRandom.New(7);
        var terms = Terms.Random() with { Trigger = new RandomTrigger(100 * Unit) };
        var pool = Open(terms);
        var overdue = 0;
        for (var cycle = 0; cycle < 200_000; cycle++)
        {
            long staked = 0;
            while (random.NextInt64(100) >= 10)
            {
                staked += 10 * Unit;
                if (Overdue.IsBeyond(terms, pool, staked))
                {
                    overdue++;
                    break;
                }
            }
        }

        Assert.InRange(overdue, 1, 40);
    }

    [Fact]
    public void A_must_drop_is_overdue_past_all_but_a_ten_thousandth_of_its_hidden_amounts()
    {
        var terms = MustDrop();
        var pool = Open(terms);
        Assert.False(Overdue.IsBeyond(terms, pool, 0));
        Assert.False(Overdue.IsBeyond(terms, pool with { IncrementMicros = 12 * Unit - 201 - pool.SeedMicros }, 0));
        Assert.True(Overdue.IsBeyond(terms, pool with { IncrementMicros = 12 * Unit - 200 - pool.SeedMicros }, 0));

        var weighted = terms with { Trigger = new MustDropByAmount(10 * Unit, 12 * Unit) { Weights = [9_999, 1] } };
        Assert.False(Overdue.IsBeyond(weighted, pool with { IncrementMicros = 11 * Unit - 1_000_000 - pool.SeedMicros }, 0));
        Assert.True(Overdue.IsBeyond(weighted, pool with { IncrementMicros = 11 * Unit - pool.SeedMicros }, 0));
    }

    [Fact]
    public void Of_pools_whose_odds_depend_on_the_traffic_it_is_never_said() =>
        Assert.All([Timed(), External(), Raffle()], terms => Assert.False(Overdue.IsBeyond(terms, Open(terms), Int128.MaxValue / 1_000_000)));

    [Fact]
    public void The_stakes_follow_from_what_they_gave()
    {
        Assert.Equal(100 * Unit, Overdue.StakedMicros(Terms.Random(), 1_250_000));
        Assert.Equal(0, Overdue.StakedMicros(Terms.Random() with { ContributionRate = new(0), ReserveRate = new(0) }, 5));
    }
}
