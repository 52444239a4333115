namespace Jackpot.Core.Payouts;

/// <summary>When a payout in doubt is looked at again: soon at first, then ever later, and never all payouts of a wallet in the same instant.</summary>
public static class PayoutRetries
{
    /// <summary>Attempts in a row that may end in doubt; after about 35 minutes people take over.</summary>
    public const int LooksMax = 40;

    /// <summary>How far a pause may be from its step, in percent.</summary>
    public const int JitterPercentMax = 20;

    const int FirstPauseMs = 1_000;
    const int PauseMsMax = 60_000;

    /// <summary>The pause after look number <paramref name="look"/>, from 1. Always the same for the same payout, because a workflow that is replayed must wait as it did.</summary>
    public static TimeSpan Pause(string payoutId, int look)
    {
        var step = Math.Min(PauseMsMax, (long)FirstPauseMs << Math.Clamp(look - 1, 0, 16));
        var jitter = (Hash(payoutId, look) % ((2 * JitterPercentMax) + 1)) - JitterPercentMax;
        return TimeSpan.FromMilliseconds(step + (step * jitter / 100));
    }

    // FNV-1a: spread is all that is asked of it, and that it never changes.
    static long Hash(string payoutId, int look)
    {
        var hash = 2_166_136_261u;
        foreach (var letter in payoutId)
        {
            hash = unchecked((hash ^ letter) * 16_777_619);
        }

        return unchecked((hash ^ (uint)look) * 16_777_619) >> 8;
    }
}
