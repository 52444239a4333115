using System.Collections.Immutable;
using Jackpot.Core.Amounts;

namespace Jackpot.Core.Eligibility;

/// <summary>Round stake limits in every currency, all within the limits of the home currency.</summary>
/// <remarks>They only decide who takes part. The chance follows from the converted stake itself, so it is the same per unit in every currency.</remarks>
public static class StakeBands
{
    /// <summary>The home band first, then one band per rate: the smallest stake rounded up and the largest rounded down to two leading digits.</summary>
    /// <exception cref="ArgumentException">A rate leads elsewhere, or nothing round lies within the band.</exception>
    public static ImmutableArray<StakeBand> Around(StakeBand home, IEnumerable<FxRate> rates) => [home, .. rates.Select(rate => Foreign(home, rate))];

    static StakeBand Foreign(StakeBand home, FxRate rate) => In(home, rate)
        ?? throw new ArgumentException($"No round stake in {rate.From} lies between {home.MinMicros} and {home.MaxMicros} micro-units {home.Currency}.", nameof(rate));

    /// <summary>The band in the rate's currency; null when nothing round lies within the home band.</summary>
    /// <exception cref="ArgumentException">The rate leads elsewhere.</exception>
    public static StakeBand? In(StakeBand home, FxRate rate)
    {
        if (rate.To != home.Currency)
        {
            throw new ArgumentException($"Rate {rate.From}->{rate.To} does not lead to {home.Currency}.", nameof(rate));
        }

        var unit = rate.From.MinorUnitMicros;
        var min = Round(Ceiling(Nanos(home.MinMicros), rate.RateNanos), unit, upwards: true);
        var max = Round(Nanos(home.MaxMicros) / rate.RateNanos, unit, upwards: false);
        return 0 < max && min <= max
            ? new StakeBand(rate.From, (long)min, (long)max)
            : null;
    }

    static Int128 Nanos(long micros) => (Int128)micros * 1_000_000_000;

    // Steps grow with the amount, so that two leading digits remain, but are never below a minor unit.
    static Int128 Round(Int128 micros, Int128 minorUnit, bool upwards)
    {
        var step = minorUnit;
        while (micros / step >= 100)
        {
            step *= 10;
        }

        return upwards ? Ceiling(micros, step) * step : micros / step * step;
    }

    static Int128 Ceiling(Int128 value, Int128 divisor) => (value + divisor - 1) / divisor;
}
