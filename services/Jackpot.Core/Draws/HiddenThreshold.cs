using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Draws;

/// <summary>The hidden amount at which a must-drop pool falls. It is never stored: it follows from the secret.</summary>
public static class HiddenThreshold
{
    /// <summary>Uniform on every micro-unit from <paramref name="minMicros"/> to <paramref name="maxMicros"/>, both included (GLI-19 4.8.6).</summary>
    /// <remarks>From HMAC-SHA256(secret, <c>jackpot.threshold.v1 | pool | cycle | min | max | attempt</c>).</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The minimum is negative or above the maximum.</exception>
    public static long For(in CycleSecret secret, PoolId pool, long cycle, long minMicros, long maxMicros)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minMicros);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minMicros, maxMicros);
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain("jackpot.threshold.v1"u8);
        message.Name(pool.Value);
        message.Number(cycle);
        message.Number(minMicros);
        message.Number(maxMicros);
        return minMicros + (long)KeyedHash.Below((ulong)(maxMicros - minMicros) + 1, secret, message);
    }

    /// <summary>Weighted by equal segments of the whole range, uniform within each, and never below <paramref name="floorMicros"/>.</summary>
    /// <remarks>
    /// Every micro-unit counts as often as its segment weighs, and one of those counts is drawn: exact, in one draw, also when the floor cuts a segment.
    /// From HMAC-SHA256(secret, <c>jackpot.weighted.v1 | pool | cycle | min | max | floor | attempt</c>); the weights are part of the published terms.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt;= min &lt;= floor &lt;= max, or nothing from the floor up has weight.</exception>
    public static long Weighted(in CycleSecret secret, PoolId pool, long cycle, long minMicros, long maxMicros, long floorMicros, ImmutableArray<int> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minMicros);
        ArgumentOutOfRangeException.ThrowIfLessThan(floorMicros, minMicros);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(floorMicros, maxMicros);
        var segments = new WeightedSegments(minMicros, maxMicros, floorMicros, weights);
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain("jackpot.weighted.v1"u8);
        message.Name(pool.Value);
        message.Number(cycle);
        message.Number(minMicros);
        message.Number(maxMicros);
        message.Number(floorMicros);
        return segments.AmountAt(KeyedHash.Below(segments.Counts, secret, message));
    }
}
