using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Draws;

/// <summary>Which tickets win a raffle.</summary>
public static class RaffleDraw
{
    /// <summary>Different ticket numbers from 1 to <paramref name="ticketsSold"/>, in the order in which they were drawn; all of them when fewer were sold than win.</summary>
    /// <remarks>The head is the chain's after the last ticket was sold: before that nobody, not even who holds the secret, can know a winning number.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">No ticket was sold, or nobody is to win.</exception>
    public static ImmutableArray<long> Winners(in CycleSecret secret, PoolId pool, long cycle, in Hash32 head, long ticketsSold, int winners) =>
        [.. DistinctDraw.Of("jackpot.raffle.v1"u8, secret, pool, cycle, head, ticketsSold, winners).Select(ticket => ticket + 1)];
}
