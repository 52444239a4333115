using System.Collections.Immutable;

namespace Jackpot.Core.Simulation;

/// <summary>One step of a histogram: how many awards lay from one amount to another, both included.</summary>
public sealed record DropSizes(long FromMicros, long ToMicros, int Count)
{
    /// <summary>Sorts every award into so many equal steps from the smallest to the largest; empty when there is none.</summary>
    /// <param name="awardsMicros">In any order.</param>
    /// <param name="steps">At least one.</param>
    public static ImmutableArray<DropSizes> Histogram(IReadOnlyCollection<long> awardsMicros, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (awardsMicros.Count == 0)
        {
            return [];
        }

        var (least, most) = (awardsMicros.Min(), awardsMicros.Max());
        var width = (Int128)most - least + 1;
        var counts = new int[steps];
        foreach (var award in awardsMicros)
        {
            counts[(int)((award - least) * (Int128)steps / width)]++;
        }

        // Step i holds the awards a with floor((a - least) x steps / width) = i.
        long First(int step) => least + (long)((step * width + steps - 1) / steps);
        return [.. counts.Select((count, step) => new DropSizes(First(step), First(step + 1) - 1, count))];
    }
}
