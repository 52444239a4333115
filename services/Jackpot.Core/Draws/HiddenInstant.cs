using Jackpot.Core.Chain;
using Jackpot.Core.Ids;
using Jackpot.Core.Schedules;

namespace Jackpot.Core.Draws;

/// <summary>The hidden instant at which a timed pool becomes ripe. It is never stored: it follows from the secret and the window.</summary>
public static class HiddenInstant
{
    /// <summary>Uniform on every millisecond of the window; each window of a cycle has its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is empty or begins before 1970.</exception>
    public static long For(in CycleSecret secret, PoolId pool, long cycle, Window window)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(window.StartUnixMs);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window.DeadlineUnixMs, window.StartUnixMs);
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain("jackpot.instant.v1"u8);
        message.Name(pool.Value);
        message.Number(cycle);
        message.Number(window.StartUnixMs);
        message.Number(window.DeadlineUnixMs);
        return window.StartUnixMs + (long)KeyedHash.Below((ulong)(window.DeadlineUnixMs - window.StartUnixMs), secret, message);
    }
}
