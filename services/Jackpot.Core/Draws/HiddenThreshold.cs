using Jackpot.Core.Chain;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Draws;

/// <summary>The hidden amount at which a must-drop pool falls. It is never stored: it follows from the secret.</summary>
public static class HiddenThreshold
{
    /// <summary>Each attempt succeeds with more than one half; running out has less chance than guessing the secret.</summary>
    const int AttemptsMax = 256;

    /// <summary>Uniform on every micro-unit from <paramref name="minMicros"/> to <paramref name="maxMicros"/>, both included.</summary>
    /// <remarks>
    /// 64 bits of HMAC-SHA256(secret, <c>jackpot.threshold.v1 | pool | cycle | min | max | attempt</c>), refused when they fall into the
    /// incomplete last multiple of the range, so that no amount is likelier than another (GLI-19 4.8.6).
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The minimum is negative or above the maximum.</exception>
    public static long For(in CycleSecret secret, PoolId pool, long cycle, long minMicros, long maxMicros)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minMicros);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minMicros, maxMicros);
        var amounts = (ulong)(maxMicros - minMicros) + 1;
        var incomplete = (ulong)((UInt128.One << 64) % amounts);
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var bits = Bits(secret, pool, cycle, minMicros, maxMicros, attempt);
            if (bits <= ulong.MaxValue - incomplete)
            {
                return minMicros + (long)(bits % amounts);
            }
        }

        throw new InvalidOperationException($"No threshold was found in {AttemptsMax} attempts: the hash is broken.");
    }

    static ulong Bits(in CycleSecret secret, PoolId pool, long cycle, long minMicros, long maxMicros, int attempt)
    {
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain("jackpot.threshold.v1"u8);
        message.Name(pool.Value);
        message.Number(cycle);
        message.Number(minMicros);
        message.Number(maxMicros);
        message.Number(attempt);
        return KeyedHash.First64Bits(secret, message);
    }
}
