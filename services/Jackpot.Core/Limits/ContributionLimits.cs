namespace Jackpot.Core.Limits;

/// <summary>Above what a stake is held back (R01: the "unreasonable contribution" limit). Micro-units of the home currency.</summary>
/// <param name="StakeMicrosMax">Largest single stake; null for none.</param>
/// <param name="WindowMicrosMax">Most that one feeder may stake in a window; null for none.</param>
/// <param name="WindowSeconds">Length of the window; above zero.</param>
public sealed record ContributionLimits(long? StakeMicrosMax, long? WindowMicrosMax, int WindowSeconds);

/// <summary>What one feeder has staked in the running window. The caller keeps one per tenant and jackpot.</summary>
public readonly record struct RateWindow(long WindowStartUnixMs, long TakenMicros);

/// <summary>Whether a stake is within its limits.</summary>
public enum LimitVerdict
{
    Within,
    StakeTooLarge,
    RateTooHigh,
}

/// <summary>A verdict, and the window to keep.</summary>
public readonly record struct LimitDecision(LimitVerdict Verdict, RateWindow Window);

/// <summary>Judges stakes before they are recorded. What is over a limit goes to the quarantine, never into a pool.</summary>
public static class LimitRules
{
    const long MsPerSecond = 1_000;

    /// <summary>Windows are aligned to the clock, so that any replica cuts them alike. A refused stake does not use up the window.</summary>
    public static LimitDecision Check(ContributionLimits limits, RateWindow window, long stakeMicros, long atUnixMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limits.WindowSeconds);
        var start = atUnixMs - atUnixMs % (limits.WindowSeconds * MsPerSecond);
        var running = start > window.WindowStartUnixMs ? new RateWindow(start, 0) : window;
        if (stakeMicros > limits.StakeMicrosMax)
        {
            return new LimitDecision(LimitVerdict.StakeTooLarge, running);
        }

        // Compared by difference: the sum itself might not fit.
        return limits.WindowMicrosMax is { } most && stakeMicros > most - running.TakenMicros
            ? new LimitDecision(LimitVerdict.RateTooHigh, running)
            : new LimitDecision(LimitVerdict.Within, running with { TakenMicros = running.TakenMicros + stakeMicros });
    }
}
