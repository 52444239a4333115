using Jackpot.Core.Amounts;
using Jackpot.Core.Draws;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Eligibility;

public sealed class StakeBandsTests
{
    static readonly StakeBand Home = new(Terms.Euro, 100_000, 50 * Terms.Unit);

    [Theory]
    [InlineData("USD", 920_000_000, 110_000, 54_000_000)]
    [InlineData("SEK", 87_500_000, 1_200_000, 570_000_000)]
    [InlineData("JPY", 6_100_000, 17_000_000, 8_100_000_000)]
    [InlineData("KWD", 3_000_000_000, 34_000, 16_000_000)]
    public void Bands_of_other_currencies_are_round_and_within_the_home_band(string currency, long nanos, long min, long max)
    {
        var rate = new FxRate(Currency.Parse(currency), Terms.Euro, nanos, 1);
        var band = StakeBands.Around(Home, [rate])[1];
        Assert.Equal(new StakeBand(rate.From, min, max), band);
        Assert.InRange(rate.Convert(new Money(min, rate.From)).Micros, Home.MinMicros, Home.MaxMicros);
        Assert.InRange(rate.Convert(new Money(max, rate.From)).Micros, Home.MinMicros, Home.MaxMicros);
    }

    [Fact]
    public void A_rate_that_leads_elsewhere_or_leaves_no_round_stake_is_refused()
    {
        Assert.Throws<ArgumentException>(() => StakeBands.Around(Home, [new FxRate(Terms.Euro, Currency.Parse("USD"), 1, 1)]));
        Assert.Throws<ArgumentException>(() => StakeBands.Around(Home, [new FxRate(Currency.Parse("JPY"), Terms.Euro, 100_000_000_000, 1)]));
    }

    [Fact]
    [Trait("Rule", "R10")]
    public void The_chance_per_unit_of_value_is_the_same_in_every_currency()
    {
        var yen = new FxRate(Currency.Parse("JPY"), Terms.Euro, 6_250_000, 1);
        var converted = yen.Convert(new Money(1_600 * Terms.Unit, yen.From));
        Assert.Equal(Draw.Threshold(10 * Terms.Unit, 250_000 * Terms.Unit), Draw.Threshold(converted.Micros, 250_000 * Terms.Unit));
    }
}
