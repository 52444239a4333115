using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Draws;

/// <summary>Draws different numbers out of a range: a shuffle that stops after the wanted ones.</summary>
static class DistinctDraw
{
    /// <summary>Different numbers from 0 to one below <paramref name="count"/> in the order in which they were drawn; all of them when there are fewer than wanted.</summary>
    /// <remarks>Each step from HMAC-SHA256(secret, <c>domain | pool | cycle | head | count | step | attempt</c>).</remarks>
    public static ImmutableArray<long> Of(ReadOnlySpan<byte> domain, in CycleSecret secret, PoolId pool, long cycle, in Hash32 head, long count, int wanted)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain(domain);
        message.Name(pool.Value);
        message.Number(cycle);
        message.Hash(head);
        message.Number(count);

        var drawn = ImmutableArray.CreateBuilder<long>();
        var moved = new Dictionary<long, long>();
        for (var step = 0; step < Math.Min(wanted, count); step++)
        {
            var place = step + (long)KeyedHash.Below((ulong)(count - step), secret, message.WithNumber(step));
            drawn.Add(moved.GetValueOrDefault(place, place));
            moved[place] = moved.GetValueOrDefault(step, step);
        }

        return drawn.ToImmutable();
    }
}
