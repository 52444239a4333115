using System.Collections.Immutable;

namespace Jackpot.Core.Draws;

/// <summary>A range of micro-units cut into equal segments, each micro-unit of which counts as often as the segment weighs.</summary>
readonly struct WeightedSegments(long minMicros, long maxMicros, long floorMicros, ImmutableArray<int> weights)
{
    /// <summary>All counts from the floor up.</summary>
    public UInt128 Counts
    {
        get
        {
            UInt128 counts = 0;
            for (var segment = 0; segment < weights.Length; segment++)
            {
                counts += (UInt128)Length(segment) * (uint)weights[segment];
            }

            ArgumentOutOfRangeException.ThrowIfZero(counts);
            return counts;
        }
    }

    public long AmountAt(UInt128 count)
    {
        for (var segment = 0; segment < weights.Length; segment++)
        {
            var counts = (UInt128)Length(segment) * (uint)weights[segment];
            if (count < counts)
            {
                return First(segment) + (long)(count / (uint)weights[segment]);
            }

            count -= counts;
        }

        throw new ArgumentOutOfRangeException(nameof(count), "The count lies beyond the last segment.");
    }

    long First(int segment) => Math.Max(Boundary(segment), floorMicros);

    long Length(int segment) => Math.Max(Boundary(segment + 1) - First(segment), 0);

    long Boundary(int segment) => minMicros + (long)((Int128)(maxMicros - minMicros + 1) * segment / weights.Length);
}
