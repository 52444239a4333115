using System.Text;
using Jackpot.Core.Amounts;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Amounts;

public sealed class AmountTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("2", 2_000_000)]
    [InlineData("2.00", 2_000_000)]
    [InlineData("0.000001", 1)]
    [InlineData("12.345678", 12_345_678)]
    [InlineData("1.10", 1_100_000)]
    [InlineData("100.001", 100_001_000)]
    [InlineData("1000000000000", 1_000_000_000_000_000_000)]
    [InlineData("999999999999.999999", 999_999_999_999_999_999)]
    [InlineData("2.0000000000", 2_000_000)]
    [InlineData("1.0E7", 10_000_000_000_000)]
    [InlineData("1e-05", 10)]
    [InlineData("25e-1", 2_500_000)]
    [InlineData("0.0000000025E+9", 2_500_000)]
    [InlineData("0e999999999999", 0)]
    [InlineData("0.0000000000000000000000000000", 0)]
    public void Every_spelling_of_an_exact_amount_is_read(string text, long micros) =>
        Assert.Equal((AmountParse.Ok, micros), Parse(text));

    [Theory]
    [InlineData("", AmountParse.Empty)]
    [InlineData("NaN", AmountParse.NotANumber)]
    [InlineData("Infinity", AmountParse.NotANumber)]
    [InlineData(" 1", AmountParse.NotANumber)]
    [InlineData("1 ", AmountParse.NotANumber)]
    [InlineData("+1", AmountParse.NotANumber)]
    [InlineData("01", AmountParse.NotANumber)]
    [InlineData("00", AmountParse.NotANumber)]
    [InlineData(".5", AmountParse.NotANumber)]
    [InlineData("5.", AmountParse.NotANumber)]
    [InlineData("1,5", AmountParse.NotANumber)]
    [InlineData("1.2.3", AmountParse.NotANumber)]
    [InlineData("1e", AmountParse.NotANumber)]
    [InlineData("1e+", AmountParse.NotANumber)]
    [InlineData("1e1.5", AmountParse.NotANumber)]
    [InlineData("0x10", AmountParse.NotANumber)]
    [InlineData("-", AmountParse.NotANumber)]
    [InlineData("--1", AmountParse.NotANumber)]
    [InlineData("٣", AmountParse.NotANumber)]
    [InlineData("-1", AmountParse.Negative)]
    [InlineData("-0", AmountParse.Negative)]
    [InlineData("-0.01", AmountParse.Negative)]
    [InlineData("0.0000001", AmountParse.TooManyDecimals)]
    [InlineData("1.2345678", AmountParse.TooManyDecimals)]
    [InlineData("0.1000000000000000055511151231257827021181583404541015625", AmountParse.TooManyDecimals)]
    [InlineData("1e-7", AmountParse.TooManyDecimals)]
    [InlineData("1e-99999999999999999999", AmountParse.TooManyDecimals)]
    [InlineData("1000000000000.000001", AmountParse.TooLarge)]
    [InlineData("1000000000001", AmountParse.TooLarge)]
    [InlineData("340282366920938463463374607431768211457", AmountParse.TooLarge)]
    [InlineData("1e13", AmountParse.TooLarge)]
    [InlineData("1e99999999999999999999", AmountParse.TooLarge)]
    public void Everything_else_is_refused_with_its_reason(string text, AmountParse reason) =>
        Assert.Equal((reason, 0L), Parse(text));

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(2_000_000, "2.00")]
    [InlineData(2_500_000, "2.50")]
    [InlineData(1, "0.000001")]
    [InlineData(1_234_000, "1.234")]
    [InlineData(10_000_000, "10.00")]
    [InlineData(-1_500_000, "-1.50")]
    [InlineData(long.MaxValue, "9223372036854.775807")]
    [InlineData(long.MinValue, "-9223372036854.775808")]
    public void The_canonical_text_has_two_to_six_decimals(long micros, string text) =>
        Assert.Equal(text, AmountText.Format(micros));

    [Theory]
    [InlineData("0", "0.00")]
    [InlineData("-1", "-0.000001")]
    [InlineData("10000000000000000000", "10000000000000.00")]
    [InlineData("-170141183460469231731687303715884105728", "-170141183460469231731687303715884.105728")]
    public void A_sum_of_any_size_is_written_and_read_back(string micros, string text)
    {
        Assert.Equal(text, AmountText.Format(Int128.Parse(micros)));
        Assert.True(AmountText.TryParseSum(text, out var read));
        Assert.Equal(Int128.Parse(micros), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.0000001")]
    [InlineData("1e3")]
    [InlineData("1.2.3")]
    [InlineData("1.-2")]
    [InlineData("200000000000000000000000000000000000000")]
    public void What_is_no_sum_is_not_read(string text) => Assert.False(AmountText.TryParseSum(text, out _));

    [Fact]
    public void What_is_written_is_read_back_unchanged()
    {
        var random = SeededRandom.New();
        Span<byte> text = stackalloc byte[AmountText.Utf8BytesMax];
        for (var i = 0; i < 100_000; i++)
        {
            var micros = random.NextInt64(AmountText.MicrosMax + 1) >> random.Next(60);
            var length = AmountText.Format(micros, text);
            Assert.Equal(AmountParse.Ok, AmountText.TryParse(text[..length], out var read));
            Assert.Equal(micros, read);
        }
    }

    [Fact]
    public void Reading_agrees_with_exact_decimal_arithmetic_on_random_digit_strings()
    {
        var random = SeededRandom.New();
        for (var i = 0; i < 100_000; i++)
        {
            var text = AnyDecimal(random);
            var value = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture) * 1_000_000m;
            var expected = value != decimal.Truncate(value) ? (AmountParse.TooManyDecimals, 0L)
                : value > AmountText.MicrosMax ? (AmountParse.TooLarge, 0L)
                : (AmountParse.Ok, (long)value);
            Assert.Equal(expected, Parse(text));
        }
    }

    [Fact]
    public void A_sum_of_our_own_is_read_back_whatever_its_size_and_sign()
    {
        var random = SeededRandom.New();
        Span<byte> text = stackalloc byte[AmountText.Utf8BytesMax];
        long[] edges = [long.MinValue, long.MinValue + 1, -AmountText.MicrosMax - 1, -1, 0, 1, AmountText.MicrosMax + 1, long.MaxValue - 1, long.MaxValue];
        foreach (var micros in edges.Concat(Enumerable.Range(0, 100_000).Select(_ => random.NextInt64(long.MinValue, long.MaxValue))))
        {
            var length = AmountText.Format(micros, text);
            Assert.Equal((AmountParse.Ok, micros), (AmountText.TryReadBack(text[..length], out var read), read));
        }
    }

    [Theory]
    [InlineData("9223372036854.775808", AmountParse.TooLarge)]
    [InlineData("-9223372036854.775809", AmountParse.TooLarge)]
    [InlineData("1e99", AmountParse.TooLarge)]
    [InlineData("0.0000001", AmountParse.TooManyDecimals)]
    [InlineData("-", AmountParse.NotANumber)]
    [InlineData("", AmountParse.Empty)]
    public void What_no_sum_of_ours_can_be_is_not_read_back(string text, AmountParse reason) =>
        Assert.Equal((reason, 0L), (AmountText.TryReadBack(Encoding.UTF8.GetBytes(text), out var micros), micros));

    static string AnyDecimal(Random random)
    {
        var units = random.NextInt64(2_000_000_000_000) >> random.Next(41);
        var decimals = random.Next(10);
        var digits = new string([.. Enumerable.Range(0, decimals).Select(_ => random.Next(3) == 0 ? (char)('0' + random.Next(10)) : '0')]);
        return decimals == 0 ? $"{units}" : $"{units}.{digits}";
    }

    static (AmountParse, long) Parse(string text) => (AmountText.TryParse(Encoding.UTF8.GetBytes(text), out var micros), micros);
}
