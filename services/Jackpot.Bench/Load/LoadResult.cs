namespace Jackpot.Bench.Load;

/// <summary>What one run of the load generator saw.</summary>
/// <param name="Accepted">Contributions answered 200 and not refused.</param>
/// <param name="Replayed">Of those, how many were told to be an earlier request's answer.</param>
/// <param name="Refused">Contributions answered with anything else.</param>
/// <param name="Unanswered">Requests whose connection broke.</param>
/// <param name="LatenciesUs">Of every answered request, sorted, microseconds; in an open loop from the intended start.</param>
sealed record LoadResult(TimeSpan Duration, long Accepted, long Replayed, long Refused, long Unanswered, int[] LatenciesUs)
{
    internal double PerSecond => Accepted / Duration.TotalSeconds;

    /// <summary>Milliseconds below which this share of the answers came.</summary>
    internal double PercentileMs(double share) =>
        LatenciesUs.Length == 0 ? double.NaN : LatenciesUs[Math.Min(LatenciesUs.Length - 1, (int)(LatenciesUs.Length * share))] / 1000.0;
}
