using Jackpot.Core.Amounts;
using Jackpot.Core.Maths;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Validation;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Maths;

public sealed class PoolMathsTests
{
    // The example of the field notes: s = 1,000, M = 5,000, r = 1 %.
    static readonly PoolConfig Example = MustDrop() with
    {
        SeedMicros = 1_000 * Unit,
        ContributionRate = new PartsPerMillion(10_000),
        Trigger = new MustDropByAmount(1_000 * Unit, 5_000 * Unit),
    };

    [Fact]
    public void A_uniform_must_drop_pays_half_way_and_costs_its_seed_per_turnover()
    {
        var figures = PoolMaths.Figures(Example)!;
        Assert.Equal(3_000 * Unit, figures.AverageAwardMicros);
        Assert.Equal(200_000 * Unit, figures.AverageTurnoverMicros);
        Assert.Equal(new Ratio(15, 1_000), figures.ReturnToPlayer);
        Assert.Equal(new Ratio(5, 1_000), figures.SeedCost);
    }

    [Fact]
    public void A_random_pool_returns_its_rate_and_its_seed()
    {
        var figures = PoolMaths.Figures(Random())!;
        Assert.Equal(3_500 * Unit, figures.AverageAwardMicros);
        Assert.Equal(new Ratio(14, 1_000), figures.ReturnToPlayer);
        Assert.Equal(new Ratio(4, 1_000), figures.SeedCost);
    }

    [Fact]
    public void Weights_move_the_average()
    {
        var trigger = (MustDropByAmount)Example.Trigger;
        Assert.Equal(3_000 * Unit, PoolMaths.Figures(Example with { Trigger = trigger with { Weights = [5, 5] } })!.AverageAwardMicros);
        Assert.Equal(4_000 * Unit, PoolMaths.Figures(Example with { Trigger = trigger with { Weights = [0, 3] } })!.AverageAwardMicros);
    }

    [Fact]
    public void What_depends_on_the_traffic_or_on_the_last_award_has_no_closed_form()
    {
        foreach (var pool in new[]
        {
            External(), Raffle(), Timed(), Random() with { SeedShareOfAward = new PartsPerMillion(1) }, Example with { SeedBoostMicros = Unit },
        })
        {
            Assert.Null(PoolMaths.Figures(pool));
        }

        Assert.Null(PoolMaths.AverageTurnoverMicros(Timed()));
        Assert.Equal(250_000 * Unit, PoolMaths.AverageTurnoverMicros(Random() with { SeedBoostMicros = Unit }));
    }

    [Fact]
    public void A_ceiling_takes_from_a_random_pool_what_the_exponential_law_puts_above_it()
    {
        // Growth is 2,500 on average; with as much room below the ceiling, 1 - 1/e of it is reached.
        var capped = PoolMaths.Figures(Random() with { CeilingMicros = 3_500 * Unit })!;
        Assert.Equal(2_580_301_397, capped.AverageAwardMicros);
        Assert.Equal(new Ratio(2_580_301_397, 250_000 * Unit), capped.ReturnToPlayer);
        Assert.Equal((250_000 * Unit, new Ratio(4, 1_000)), (capped.AverageTurnoverMicros, capped.SeedCost));
        Assert.Equal(PoolMaths.Figures(Random()), PoolMaths.Figures(Random() with { CeilingMicros = 1_000_000 * Unit }));

        var fixedPrize = Random() with { Kind = PoolKind.Fixed, ContributionRate = default, CeilingMicros = 1_001 * Unit };
        Assert.Equal(1_000 * Unit, PoolMaths.Figures(fixedPrize)!.AverageAwardMicros);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1_000_000_000_000)]
    [InlineData(1, 3)]
    [InlineData(1, 1)]
    [InlineData(7, 2)]
    [InlineData(41, 1)]
    [InlineData(42, 1)]
    [InlineData(long.MaxValue, 1)]
    public void Decay_is_the_exponential_function_to_fifteen_places(long numerator, long denominator)
    {
        var left = Decay.OfMinus(new Ratio(numerator, denominator));
        Assert.Equal(Math.Exp(-numerator / (double)denominator), (double)left.Numerator / (double)left.Denominator, 1e-15);
    }

    [Fact]
    public void Players_have_the_advantage_from_five_sixths_of_the_maximum()
    {
        var point = PoolMaths.PlayerAdvantageMicros(Example, new PartsPerMillion(950_000))!.Value;
        Assert.Equal(new Ratio(5_000 * Unit * 5, 6), point);
        Assert.Equal(12_500 * Unit, PoolMaths.PlayerAdvantageMicros(Random(), new PartsPerMillion(950_000)));
        Assert.Null(PoolMaths.PlayerAdvantageMicros(Random() with { CeilingMicros = 12_000 * Unit }, new PartsPerMillion(950_000)));
        Assert.Equal(1_000 * Unit, PoolMaths.PlayerAdvantageMicros(Example, new PartsPerMillion(1_000_000)));
        Assert.Null(PoolMaths.PlayerAdvantageMicros(Timed(), new PartsPerMillion(950_000)));
    }

    [Theory]
    [InlineData(900_000, 10, 20, 50)]
    [InlineData(950_000, 50, 20, 10)]
    [InlineData(999_000, 0, 1, 3)]
    [InlineData(960_000, 90, 0, 1)]
    [InlineData(100_000, 1, 1, 1)]
    public void Among_weighted_segments_the_advantage_is_where_the_chance_of_a_hit_says(int baseReturn, params int[] weights)
    {
        var pool = Example with { Trigger = new MustDropByAmount(1_000 * Unit, 5_000 * Unit) { Weights = [.. weights] } };
        var point = PoolMaths.PlayerAdvantageMicros(pool, new PartsPerMillion(baseReturn));
        Assert.Equal(FirstAdvantage(weights, 1 - baseReturn / 1e6), (double)point!.Value.Numerator / (double)point.Value.Denominator / Unit, 0.2);
    }

    // Walks up the range: the chance of a hit per unit of growth is the density here over all that still lies above.
    static double FirstAdvantage(int[] weights, double kept)
    {
        var length = 4_000.0 / weights.Length;
        for (var amount = 1_000.0; amount < 5_000; amount += 0.1)
        {
            var segment = (int)((amount - 1_000) / length);
            var above = weights[segment] * (1_000 + length * (segment + 1) - amount) + length * weights.Skip(segment + 1).Sum();
            if (0.01 * amount * weights[segment] / above > kept)
            {
                return amount;
            }
        }

        return double.NaN;
    }

    [Theory]
    [Trait("Rule", "R09")]
    [InlineData(5_000, true)]
    [InlineData(4_999, false)]
    public void A_reserve_that_cannot_pay_the_seeds_is_refused(int reserve, bool affordable)
    {
        var config = Of(Example with { ReserveRate = new PartsPerMillion(reserve), SeedFunding = SeedFunding.SelfFunded });
        Assert.Equal(affordable, JackpotConfigValidator.Validate(config).IsEmpty);
        Assert.Empty(JackpotConfigValidator.Validate(Of(config.Pools[0] with { SeedFunding = SeedFunding.HouseFunded })));
    }

    [Theory]
    [Trait("Rule", "R09")]
    [InlineData(100_000, true)]
    [InlineData(99_999, false)]
    public void A_seed_of_a_quarter_of_the_award_needs_a_quarter_of_the_contribution(int reserve, bool affordable)
    {
        var pool = Random() with
        {
            SeedMicros = 1 * Unit,
            ContributionRate = new PartsPerMillion(300_000),
            ReserveRate = new PartsPerMillion(reserve),
            SeedShareOfAward = new PartsPerMillion(250_000),
            SeedFunding = SeedFunding.SelfFunded,
        };
        Assert.Equal(affordable, Affordability.Check(Of(pool)).IsEmpty);
    }

    [Fact]
    [Trait("Rule", "R09")]
    public void The_largest_terms_can_be_calculated()
    {
        var huge = Example with
        {
            SeedMicros = AmountText.MicrosMax / 2,
            Trigger = new MustDropByAmount(AmountText.MicrosMax / 2, AmountText.MicrosMax) { Weights = [.. Enumerable.Repeat(999, 100)] },
            SeedFunding = SeedFunding.SelfFunded,
        };
        Assert.Equal(ConfigFaultKind.SeedsNotAffordable, Assert.Single(JackpotConfigValidator.Validate(Of(huge))).Kind);
    }

    [Fact]
    public void Ratios_are_exact()
    {
        Assert.Equal(new Ratio(1, 2), new Ratio(1, 3) + new Ratio(1, 6));
        Assert.Equal(new Ratio(-1, 6), new Ratio(1, 3) - new Ratio(1, 2));
        Assert.Equal(new Ratio(3, 2), new Ratio(1, 2) / new Ratio(1, 3));
        Assert.True(new Ratio(1, 3) < new Ratio(2, 5) && new Ratio(2, 4) >= new Ratio(1, 2));
        Assert.Equal((333_333, 333_334), (new Ratio(1, 3).FloorOf(1_000_000), new Ratio(1, 3).CeilingOf(1_000_000)));
        Assert.Equal(0, default(Ratio));
        Assert.Throws<DivideByZeroException>(() => new Ratio(1, 2) / 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ratio(1, 0));
    }
}
