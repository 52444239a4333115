using Jackpot.Core.Amounts;

namespace Jackpot.Core.Tests.Amounts;

public sealed class DisplayRulesTests
{
    static readonly Currency Euro = Currency.Parse("EUR");
    static readonly Currency Krona = Currency.Parse("SEK");
    static readonly Currency Yen = Currency.Parse("JPY");

    [Theory]
    [InlineData(1_000_000_000, 88_500_000, 11_299_430_000)] // EUR 1000.00 / 0.0885 = SEK 11299.435…
    [InlineData(0, 88_500_000, 0)]
    [InlineData(9_999, 1_000_000_000, 0)]
    [InlineData(10_000, 1_000_000_000, 10_000)]
    public void An_amount_is_shown_by_the_rate_that_leads_to_its_currency_rounded_down_to_minor_units(long micros, long rateNanos, long shown) =>
        Assert.Equal(new Money(shown, Krona), DisplayRules.Shown(new Money(micros, Euro), new FxRate(Krona, Euro, rateNanos, 1)));

    [Fact]
    public void An_amount_is_shown_by_the_rate_that_leads_from_its_currency() =>
        Assert.Equal(new Money(165_000_000, Yen), DisplayRules.Shown(new Money(1_009_999, Euro), new FxRate(Euro, Yen, 163_720_000_000, 1)));

    [Fact]
    public void What_is_more_than_can_be_written_is_not_shown() =>
        Assert.Null(DisplayRules.Shown(new Money(long.MaxValue, Euro), new FxRate(Krona, Euro, 1, 1)));

    [Fact]
    public void A_rate_between_other_currencies_shows_nothing() =>
        Assert.Throws<ArgumentException>(() => DisplayRules.Shown(new Money(1, Yen), new FxRate(Krona, Euro, 1, 1)));

    [Fact]
    public void What_is_shown_is_never_worth_more_than_there_is()
    {
        var random = new Random(20260101);
        for (var i = 0; i < 10_000; i++)
        {
            var (amount, rate) = (new Money(random.NextInt64(1_000_000_000_000), Euro), new FxRate(Krona, Euro, random.NextInt64(1, 10_000_000_000), 1));
            var shown = DisplayRules.Shown(amount, rate);
            Assert.True(shown is null || rate.MicrosOf(shown.Value.Micros) <= (ulong)amount.Micros, $"seed 20260101: {amount} at {rate.RateNanos} is shown as {shown}");
            Assert.True(shown is null || Krona.IsWholeMinorUnits(shown.Value.Micros));
        }
    }
}
