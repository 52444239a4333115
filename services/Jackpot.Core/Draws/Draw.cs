using Jackpot.Core.Chain;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Draws;

/// <summary>One random decision for one contribution and one pool: it fires when <see cref="Of"/> is below <see cref="Threshold"/>.</summary>
public static class Draw
{
    /// <summary>The first 64 bits of HMAC-SHA256(secret, <c>jackpot.draw.v1 | jackpot | pool | cycle | sequence | head before the batch</c>).</summary>
    /// <remarks>
    /// Nothing in it is the caller's choice, and the head follows from rows that are already committed: whoever knew the secret
    /// could still not aim, and the platform cannot pick an outcome either.
    /// </remarks>
    public static ulong Of(in CycleSecret secret, JackpotId jackpot, PoolId pool, long cycle, long sequence, in Hash32 headBeforeBatch)
    {
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain("jackpot.draw.v1"u8);
        message.Name(jackpot.Value);
        message.Name(pool.Value);
        message.Number(cycle);
        message.Number(sequence);
        message.Hash(headBeforeBatch);
        return KeyedHash.First64Bits(secret, message);
    }

    /// <summary>The chance stake / turnover on the scale of a draw: floor(2^64 x stake / turnover). From 2^64 on every draw fires.</summary>
    /// <remarks>Proportional to the stake, whoever plays whatever game (GLI-19 4.13.4). The result may exceed 64 bits, hence its type.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The stake is negative or the turnover is not above zero.</exception>
    public static UInt128 Threshold(long stakeMicros, long turnoverPerDropMicros)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stakeMicros);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(turnoverPerDropMicros);
        return ((UInt128)stakeMicros << 64) / (ulong)turnoverPerDropMicros;
    }
}
