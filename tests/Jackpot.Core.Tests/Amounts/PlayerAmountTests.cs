using Jackpot.Core.Amounts;

namespace Jackpot.Core.Tests.Amounts;

public sealed class PlayerAmountTests
{
    static Money Of(long micros, string currency) => new(micros, Currency.Parse(currency));

    static FxRate Rate(string from, string to, long nanos) => new(Currency.Parse(from), Currency.Parse(to), nanos, 7);

    [Theory]
    [InlineData("SEK", "EUR", 88_500_000, 1_000_000_000, 11_299_430_000, 999_999_555, 445)]
    [InlineData("JPY", "EUR", 6_100_000, 1_000_000_000, 163_934_000_000, 999_997_400, 2_600)]
    [InlineData("KWD", "EUR", 3_000_000_000, 10_000, 3_000, 9_000, 1_000)]
    [InlineData("JPY", "EUR", 6_100_000, 10_000, 1_000_000, 6_100, 3_900)]
    [InlineData("JPY", "EUR", 1_000_000_000, 990_000, 0, 0, 990_000)]
    [InlineData("SEK", "EUR", 333_333_333, 1_000_000, 3_000_000, 1_000_000, 0)]
    public void A_player_is_paid_whole_minor_units_and_the_rest_is_the_operators(string player, string pot, long nanos, long share, long paid, long cost, long settlement)
    {
        var amount = PlayerAmount.Of(Of(share, pot), Rate(player, pot, nanos));

        Assert.Equal(new PlayerAmount(Of(paid, player), Of(cost, pot), Of(settlement, pot), 7), amount);
    }

    [Fact]
    public void In_the_same_currency_everything_but_parts_of_a_minor_unit_is_paid() =>
        Assert.Equal(new PlayerAmount(Of(1_230_000, "EUR"), Of(1_230_000, "EUR"), Of(4_567, "EUR"), 0), PlayerAmount.Of(Of(1_234_567, "EUR")));

    [Fact]
    public void Every_micro_unit_of_any_share_at_any_rate_is_somewhere()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] codes = ["EUR", "JPY", "KWD", "CLF"];
        for (var i = 0; i < 100_000; i++)
        {
            var (player, pot) = (codes[random.Next(4)], codes[random.Next(4)]);
            var rate = Rate(player, pot, (long)Math.Exp(random.NextDouble() * 20 + 9));
            // Up to 29 million million micro-units, which can still be counted at the smallest of these rates.
            var share = Of((long)Math.Exp(random.NextDouble() * 31), pot);

            var amount = PlayerAmount.Of(share, rate);

            var told = $"seed {seed}, {share} at {rate}: {amount}";
            Assert.True(amount.Cost + amount.Settlement == share && amount.Settlement.Micros >= 0 && amount.Paid.Micros >= 0, told);
            Assert.True(amount.Paid.Currency.IsWholeMinorUnits(amount.Paid.Micros) && rate.Convert(amount.Paid).Micros <= amount.Cost.Micros, told);

            // One minor unit more would be worth more than there is.
            Assert.True(rate.MicrosOf(amount.Paid.Micros + amount.Paid.Currency.MinorUnitMicros) >= (UInt128)share.Micros, told);
        }
    }

    [Fact]
    public void What_cannot_be_counted_or_is_none_is_refused()
    {
        Assert.Throws<OverflowException>(() => PlayerAmount.Of(Of(long.MaxValue, "EUR"), Rate("JPY", "EUR", 1)));
        Assert.Throws<InvalidOperationException>(() => PlayerAmount.Of(Of(-1, "EUR"), Rate("JPY", "EUR", 1)));
        Assert.Throws<InvalidOperationException>(() => PlayerAmount.Of(Of(-1, "EUR")));
        Assert.Throws<InvalidOperationException>(() => PlayerAmount.Of(Of(1, "SEK"), Rate("JPY", "EUR", 1)));
        Assert.Throws<InvalidOperationException>(() => PlayerAmount.Of(Of(1, "EUR"), Rate("JPY", "EUR", 0)));
    }
}
