namespace Jackpot.LocalDapr.Resiliency;

/// <summary>How often and how far apart a failed call is made again.</summary>
/// <param name="First">Pause before the second try.</param>
/// <param name="RetriesMax">-1 = for ever.</param>
/// <param name="Exponential">The pause grows by half each time, up to <paramref name="IntervalMax"/>.</param>
/// <param name="IntervalMax">Upper bound of the pause.</param>
sealed record RetryPolicy(TimeSpan First, int RetriesMax, bool Exponential, TimeSpan IntervalMax)
{
    const double Growth = 1.5;

    /// <summary>Actors whose type nobody hosts at the moment; cannot be overridden.</summary>
    public static readonly RetryPolicy BuiltInActorNotFound = new(TimeSpan.FromSeconds(1), 5, false, TimeSpan.FromSeconds(1));

    public bool Allows(int attemptsMade, Exception failure) =>
        (RetriesMax < 0 || attemptsMade <= RetriesMax) && failure is not IPermanentFailure;

    public TimeSpan Delay(int attemptsMade)
    {
        if (!Exponential)
        {
            return First;
        }
        var ticks = First.Ticks * Math.Pow(Growth, Math.Min(attemptsMade - 1, 60));
        return ticks < IntervalMax.Ticks ? TimeSpan.FromTicks((long)ticks) : IntervalMax;
    }
}

/// <summary>A failure that no retry can mend.</summary>
interface IPermanentFailure;
