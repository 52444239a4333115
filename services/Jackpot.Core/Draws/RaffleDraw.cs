using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Draws;

/// <summary>Which tickets win a raffle.</summary>
public static class RaffleDraw
{
    /// <summary>Different ticket numbers from 1 to <paramref name="ticketsSold"/>, in the order in which they were drawn; all of them when fewer were sold than win.</summary>
    /// <remarks>
    /// A shuffle stopped after the winners, each step from HMAC-SHA256(secret, <c>jackpot.raffle.v1 | pool | cycle | head | sold | step | attempt</c>).
    /// The head is the chain's after the last ticket was sold: before that nobody, not even who holds the secret, can know a winning number.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">No ticket was sold, or nobody is to win.</exception>
    public static ImmutableArray<long> Winners(in CycleSecret secret, PoolId pool, long cycle, in Hash32 head, long ticketsSold, int winners)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ticketsSold, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(winners, 1);
        var drawn = ImmutableArray.CreateBuilder<long>();
        var moved = new Dictionary<long, long>();
        for (var step = 0; step < Math.Min(winners, ticketsSold); step++)
        {
            var place = step + (long)Step(secret, pool, cycle, head, ticketsSold, step);
            drawn.Add(moved.GetValueOrDefault(place, place) + 1);
            moved[place] = moved.GetValueOrDefault(step, step);
        }

        return drawn.ToImmutable();
    }

    static ulong Step(in CycleSecret secret, PoolId pool, long cycle, in Hash32 head, long ticketsSold, int step)
    {
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain("jackpot.raffle.v1"u8);
        message.Name(pool.Value);
        message.Number(cycle);
        message.Hash(head);
        message.Number(ticketsSold);
        message.Number(step);
        return KeyedHash.Below((ulong)(ticketsSold - step), secret, message);
    }
}
