namespace Jackpot.Cli.Simulation;

/// <summary>A figure that was simulated, with its standard error (NaN when one run alone tells nothing of it).</summary>
readonly record struct Estimate(double Value, double StandardError)
{
    /// <summary>One sum over another, over all runs: the ratio of the totals, its error from how much the runs differ. Null when there is nothing to divide by.</summary>
    internal static Estimate? Ratio(IReadOnlyList<(double Above, double Below)> runs)
    {
        var (above, below) = (runs.Sum(run => run.Above), runs.Sum(run => run.Below));
        if (below == 0)
        {
            return null;
        }

        var (ratio, count) = (above / below, runs.Count);
        var squares = runs.Sum(run => Math.Pow(run.Above - ratio * run.Below, 2));
        return new Estimate(ratio, count == 1 ? double.NaN : Math.Sqrt(squares * count / (count - 1)) / below);
    }
}
