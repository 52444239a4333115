namespace Jackpot.Core.Amounts;

/// <summary>An amount as it is shown in another currency than its own. Nothing is ever decided, paid or stored by what is shown.</summary>
public static class DisplayRules
{
    const long NanosPerUnit = 1_000_000_000;

    /// <summary>
    /// The amount by a rate from or to its currency, rounded down to whole minor units of the other: what is shown is never more than there is.
    /// Null when that is more than can be written.
    /// </summary>
    /// <exception cref="ArgumentException">The rate has nothing to do with the amount's currency, or the amount is negative.</exception>
    public static Money? Shown(Money amount, FxRate rate)
    {
        if (amount.Micros < 0 || (rate.From != amount.Currency && rate.To != amount.Currency))
        {
            throw new ArgumentException($"Rate {rate.From}->{rate.To} cannot show {amount}.", nameof(rate));
        }

        var (micros, wished) = rate.From == amount.Currency
            ? (rate.MicrosOf(amount.Micros), rate.To)
            : ((UInt128)amount.Micros * NanosPerUnit / (ulong)rate.RateNanos, rate.From);
        return micros > long.MaxValue ? null : new Money((long)micros, wished).FloorToMinorUnits();
    }
}
