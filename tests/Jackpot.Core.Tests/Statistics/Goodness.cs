namespace Jackpot.Core.Tests.Statistics;

/// <summary>Tests of fit. Both say how probable a deviation at least this large is when the claim is true; below one in a thousand the claim is dropped.</summary>
static class Goodness
{
    public const double PMin = 0.001;

    /// <summary>Pearson's chi-square of counts against expectations, by the Wilson-Hilferty approximation (good above a few degrees of freedom).</summary>
    public static double ChiSquareP(IEnumerable<long> counts, IEnumerable<double> expected)
    {
        var terms = counts.Zip(expected, (count, mean) => (count - mean) * (count - mean) / mean).ToList();
        double degrees = terms.Count - 1;
        var spread = 2 / (9 * degrees);
        return NormalTail((Math.Cbrt(terms.Sum() / degrees) - (1 - spread)) / Math.Sqrt(spread));
    }

    /// <summary>Kolmogorov-Smirnov of values from [0, 1) against the uniform distribution.</summary>
    public static double KolmogorovP(List<double> values)
    {
        values.Sort();
        double n = values.Count;
        var distance = values.Select((value, i) => Math.Max((i + 1) / n - value, value - i / n)).Max();
        var lambda = distance * (Math.Sqrt(n) + 0.12 + 0.11 / Math.Sqrt(n));
        return Math.Clamp(2 * Enumerable.Range(1, 100).Sum(k => (k % 2 == 1 ? 1 : -1) * Math.Exp(-2.0 * k * k * lambda * lambda)), 0, 1);
    }

    /// <summary>Two-sided probability of a count of independent events, by the normal approximation.</summary>
    public static double CountP(long count, double mean, double variance) => 2 * NormalTail(Math.Abs(count - mean) / Math.Sqrt(variance));

    // Abramowitz and Stegun 26.2.17 for the positive side.
    static double NormalTail(double z)
    {
        if (z < 0)
        {
            return 1 - NormalTail(-z);
        }

        var t = 1 / (1 + 0.2316419 * z);
        var poly = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * poly;
    }
}
