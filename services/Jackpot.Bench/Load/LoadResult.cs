namespace Jackpot.Bench.Load;

/// <summary>What one run of the load generator saw.</summary>
sealed record LoadResult
{
    internal required TimeSpan Duration { get; init; }

    /// <summary>Contributions answered 200 and not refused.</summary>
    internal required long Accepted { get; init; }

    /// <summary>Of those, how many were told to be an earlier request's answer.</summary>
    internal required long Replayed { get; init; }

    /// <summary>Contributions answered with anything else.</summary>
    internal required long Refused { get; init; }

    /// <summary>Of those, how many were answered 503 with Retry-After.</summary>
    internal required long ToComeAgain { get; init; }

    /// <summary>Of the refused, how many may be stored all the same, as the answer said.</summary>
    internal required long InDoubt { get; init; }

    /// <summary>Requests whose connection broke.</summary>
    internal required long Unanswered { get; init; }

    /// <summary>Requests whose turn came while every connection was waiting for an answer; only in an overload.</summary>
    internal required long NotSent { get; init; }

    /// <summary>Of every answered request, sorted, microseconds; in an open loop from the intended start.</summary>
    internal required int[] LatenciesUs { get; init; }

    internal double PerSecond => Accepted / Duration.TotalSeconds;

    internal double SentPerSecond => (Accepted + Refused + Unanswered) / Duration.TotalSeconds;

    /// <summary>Milliseconds below which this share of the answers came.</summary>
    internal double PercentileMs(double share) =>
        LatenciesUs.Length == 0 ? double.NaN : LatenciesUs[Math.Min(LatenciesUs.Length - 1, (int)(LatenciesUs.Length * share))] / 1000.0;

    /// <summary>Share of the sent requests that were answered as they should be, 200 or 503 with Retry-After, and in this time.</summary>
    internal double AnsweredWithin(TimeSpan limit)
    {
        var at = Array.BinarySearch(LatenciesUs, (int)limit.TotalMicroseconds + 1);
        var inTime = at < 0 ? ~at : at;
        return (double)Math.Max(0, inTime - (Refused - ToComeAgain)) / Math.Max(1, Accepted + Refused + Unanswered);
    }
}
