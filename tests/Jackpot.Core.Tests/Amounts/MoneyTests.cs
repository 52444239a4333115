using Jackpot.Core.Amounts;

namespace Jackpot.Core.Tests.Amounts;

public sealed class MoneyTests
{
    static readonly Currency Euro = Currency.Parse("EUR");
    static readonly Currency Yen = Currency.Parse("JPY");

    [Fact]
    public void Currencies_do_not_mix()
    {
        Assert.Throws<InvalidOperationException>(() => new Money(1, Euro) + new Money(1, Yen));
        Assert.Throws<InvalidOperationException>(() => new Money(1, Euro) - new Money(1, Yen));
    }

    [Fact]
    public void Sums_that_do_not_fit_throw_instead_of_wrapping()
    {
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, Euro) + new Money(1, Euro));
        Assert.Throws<OverflowException>(() => new Money(long.MinValue, Euro) - new Money(1, Euro));
    }

    [Theory]
    [InlineData("EUR", 1_239_999, 1_230_000)]
    [InlineData("EUR", 1_230_000, 1_230_000)]
    [InlineData("JPY", 1_999_999, 1_000_000)]
    [InlineData("KWD", 1_234_999, 1_234_000)]
    [InlineData("CLF", 1_234_599, 1_234_500)]
    [InlineData("EUR", 9_999, 0)]
    public void Payable_money_is_rounded_down_to_the_minor_unit_of_its_currency(string currency, long micros, long payable) =>
        Assert.Equal(payable, new Money(micros, Currency.Parse(currency)).FloorToMinorUnits().Micros);

    [Fact]
    public void Nobody_is_paid_a_negative_amount() =>
        Assert.Throws<InvalidOperationException>(() => new Money(-1, Euro).FloorToMinorUnits());

    [Theory]
    [InlineData("EUR", 2)]
    [InlineData("JPY", 0)]
    [InlineData("KWD", 3)]
    public void A_currency_knows_its_minor_unit(string code, int digits) =>
        Assert.Equal(digits, Currency.Parse(code).MinorUnitDigits);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("eur")]
    [InlineData("EURO")]
    [InlineData("ZZZ")]
    [InlineData("XAU")]
    public void A_code_outside_the_table_is_no_currency(string? code) =>
        Assert.False(Currency.TryParse(code, out _));

    [Fact]
    public void A_currency_that_nobody_set_cannot_be_used() =>
        Assert.Throws<InvalidOperationException>(() => default(Currency).Code);
}
