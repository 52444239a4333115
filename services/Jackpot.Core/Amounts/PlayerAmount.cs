namespace Jackpot.Core.Amounts;

/// <summary>
/// What a winner is paid in their own currency for a share of an award, and where every micro-unit of the share goes:
/// <c>share = Cost + Settlement</c>. A player cannot be paid less than a minor unit; what is left over is the operator's to settle, never lost.
/// </summary>
/// <param name="Paid">Whole minor units of the player's currency, rounded down.</param>
/// <param name="Cost">What <paramref name="Paid"/> is worth in the jackpot's currency at the rate, rounded up to the micro-unit.</param>
/// <param name="Settlement">The rest of the share, in the jackpot's currency: less than a minor unit of the player's currency is worth.</param>
/// <param name="RateVersion">0 when both currencies are the same.</param>
public sealed record PlayerAmount(Money Paid, Money Cost, Money Settlement, int RateVersion)
{
    const long NanosPerUnit = 1_000_000_000;

    /// <summary>For a player whose currency is the jackpot's.</summary>
    public static PlayerAmount Of(Money share)
    {
        var paid = share.FloorToMinorUnits();
        return new PlayerAmount(paid, paid, new Money(share.Micros - paid.Micros, share.Currency), 0);
    }

    /// <summary>For a player who bets in <see cref="FxRate.From"/>, at the rate that was frozen with the drop.</summary>
    /// <exception cref="InvalidOperationException">The share is negative or not in <see cref="FxRate.To"/>, or the rate is not above zero.</exception>
    /// <exception cref="OverflowException">So many units of the player's currency cannot be counted.</exception>
    public static PlayerAmount Of(Money share, FxRate rate)
    {
        if (share.Currency != rate.To || rate.RateNanos <= 0)
        {
            throw new InvalidOperationException($"Rate {rate.From}->{rate.To} version {rate.Version} pays out {rate.To} at a rate above zero, not {share.Currency}.");
        }

        if (share.Micros < 0)
        {
            throw new InvalidOperationException($"{share} is negative and cannot be paid.");
        }

        var worth = (UInt128)share.Micros * NanosPerUnit / (ulong)rate.RateNanos;
        var paid = new Money(checked((long)worth), rate.From).FloorToMinorUnits();
        var cost = (long)(((UInt128)paid.Micros * (ulong)rate.RateNanos + (NanosPerUnit - 1)) / NanosPerUnit);
        return new PlayerAmount(paid, new Money(cost, share.Currency), new Money(share.Micros - cost, share.Currency), rate.Version);
    }
}
