namespace Jackpot.Core.Maths;

/// <summary>The exponential function for what fades: how much of a cycle is still running after so many average cycles.</summary>
/// <remarks>In fixed point of 60 binary places, because Core knows no floating point. Its error is below 10^-16.</remarks>
static class Decay
{
    const int Places = 60;
    const long One = 1L << Places;

    /// <summary>Beyond it the result is below one place.</summary>
    const int LargestExponent = 41;

    /// <summary>After so many terms of the series nothing is added in 60 places.</summary>
    const int Terms = 21;

    /// <summary>e to the power of minus <paramref name="exponent"/>, which is zero or more.</summary>
    public static Ratio OfMinus(Ratio exponent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exponent.Numerator, 0);
        var whole = exponent.Numerator / exponent.Denominator;
        if (whole > LargestExponent)
        {
            return 0;
        }

        var left = Series(Fraction(exponent));
        for (var step = 0; step < whole; step++)
        {
            left = Times(left, Series(One));
        }

        return new Ratio(left, One);
    }

    // Binary digit by digit, which needs no more room than the denominator.
    static long Fraction(Ratio exponent)
    {
        var (rest, digits) = (exponent.Numerator % exponent.Denominator, 0L);
        for (var place = 0; place < Places; place++)
        {
            rest *= 2;
            digits = digits * 2 + (rest >= exponent.Denominator ? 1 : 0);
            rest -= rest >= exponent.Denominator ? exponent.Denominator : 0;
        }

        return digits;
    }

    static long Series(long exponent)
    {
        var (sum, term) = (One, One);
        for (var n = 1; n <= Terms; n++)
        {
            term = -Times(term, exponent) / n;
            sum += term;
        }

        return sum;
    }

    static long Times(long left, long right) => (long)((Int128)left * right / One);
}
