using System.Numerics;
using Jackpot.Core.Amounts;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Amounts;

public sealed class RateTests
{
    static readonly Currency Dollar = Currency.Parse("USD");
    static readonly Currency Euro = Currency.Parse("EUR");
    static readonly FxRate Rate = new(Dollar, Euro, 920_000_000, 7);

    [Fact]
    public void A_share_is_the_exact_quotient_rounded_down()
    {
        var random = SeededRandom.New();
        for (var i = 0; i < 100_000; i++)
        {
            var (micros, ppm) = (random.NextInt64() >> random.Next(63), random.Next(PartsPerMillion.Whole + 1));
            Assert.Equal((long)(new BigInteger(micros) * ppm / 1_000_000), new PartsPerMillion(ppm).FloorOf(micros));
        }

        Assert.Equal(long.MaxValue, new PartsPerMillion(PartsPerMillion.Whole).FloorOf(long.MaxValue));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_001)]
    public void A_share_lies_between_nothing_and_all(int ppm) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PartsPerMillion(ppm));

    [Fact]
    public void There_is_no_share_of_a_negative_amount() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PartsPerMillion(1).FloorOf(-1));

    [Theory]
    [InlineData(1_000_000, 920_000)]
    [InlineData(1, 0)]
    [InlineData(999_999_999_999_999_999, 919_999_999_999_999_999)]
    public void Conversion_rounds_down_to_the_micro_unit(long dollars, long euros) =>
        Assert.Equal(new Money(euros, Euro), Rate.Convert(new Money(dollars, Dollar)));

    [Fact]
    public void A_rate_converts_in_its_direction_only() =>
        Assert.Throws<InvalidOperationException>(() => Rate.Convert(new Money(1, Euro)));

    [Fact]
    public void A_negative_amount_is_not_converted() =>
        Assert.Throws<InvalidOperationException>(() => Rate.Convert(new Money(-1, Dollar)));

    [Fact]
    public void A_result_that_does_not_fit_throws() =>
        Assert.Throws<OverflowException>(() => (Rate with { RateNanos = 1_000_000_000_000 }).Convert(new Money(AmountText.MicrosMax, Dollar)));

    [Theory]
    [InlineData("0.92", 920_000_000)]
    [InlineData("0.000000001", 1)]
    [InlineData("157.25", 157_250_000_000)]
    public void A_rate_is_read_exactly(string text, long nanos)
    {
        Assert.True(FxRate.TryParseNanos(System.Text.Encoding.ASCII.GetBytes(text), out var read));
        Assert.Equal(nanos, read);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.0000000001")]
    [InlineData("1000000001")]
    [InlineData("one")]
    public void A_rate_that_is_not_exact_and_positive_is_refused(string text) =>
        Assert.False(FxRate.TryParseNanos(System.Text.Encoding.ASCII.GetBytes(text), out _));
}
