namespace Jackpot.Core.Amounts;

/// <summary>A versioned exchange rate with a direction: one unit of <paramref name="From"/> is worth <paramref name="RateNanos"/> / 10^9 units of <paramref name="To"/>.</summary>
/// <param name="From">The currency that a player pays in.</param>
/// <param name="To">The home currency of the jackpot.</param>
/// <param name="RateNanos">The rate in billionths, above zero; 920,000,000 is 0.92.</param>
/// <param name="Version">Stored with every contribution and award that used the rate, so that it can be recomputed.</param>
public sealed record FxRate(Currency From, Currency To, long RateNanos, int Version)
{
    const long NanosPerUnit = 1_000_000_000;
    const int Decimals = 9;
    const long RateNanosMax = 1_000_000_000_000_000_000;

    /// <summary>The same money in <see cref="To"/>, rounded down to the micro-unit.</summary>
    /// <exception cref="InvalidOperationException">The money is not in <see cref="From"/>, or negative, or the rate is not above zero.</exception>
    /// <exception cref="OverflowException">The result does not fit.</exception>
    public Money Convert(Money money)
    {
        if (money.Currency != From)
        {
            throw new InvalidOperationException($"Rate {From}->{To} version {Version} cannot convert {money.Currency}.");
        }

        if (money.Micros < 0 || RateNanos <= 0)
        {
            throw new InvalidOperationException($"Rate {From}->{To} version {Version} converts amounts from zero up at a rate above zero.");
        }

        return new Money(checked((long)MicrosOf(money.Micros)), To);
    }

    /// <summary>So many micro-units of <see cref="From"/>, zero or more, in micro-units of <see cref="To"/>, rounded down: it can be more than any amount may be.</summary>
    public UInt128 MicrosOf(long micros) => (UInt128)micros * (ulong)RateNanos / NanosPerUnit;

    /// <summary>Reads a rate as it stands in configuration: a JSON number of at most nine decimals, above zero, at most 10^9.</summary>
    public static bool TryParseNanos(ReadOnlySpan<byte> utf8, out long nanos) =>
        DecimalText.TryParse(utf8, Decimals, RateNanosMax, out nanos) == AmountParse.Ok && nanos > 0;
}
