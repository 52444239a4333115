using System.Security.Cryptography;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Chain;

/// <summary>One void as a leaf of its step's Merkle tree.</summary>
public static class VoidLeaf
{
    const byte LeafPrefix = 0x00;

    /// <summary>SHA-256 over <c>00 | jackpot.void.v1 | jackpot | number | sequence | stake | contribution | road | key | body</c>.</summary>
    /// <param name="jackpot">The jackpot whose chain this is.</param>
    /// <param name="number">The void's gapless number in the jackpot.</param>
    /// <param name="sequence">The contribution that it takes back, or a part of.</param>
    /// <param name="stakeMicros">The part of that contribution's stake.</param>
    /// <param name="contributionMicros">What of the contribution goes with it.</param>
    /// <param name="road">0 when it comes out of the pools as far as their cycles still run, 1 when the settlement carries all of it.</param>
    /// <param name="key">Hash of tenant and idempotency key of the void.</param>
    /// <param name="body">Hash of the request that asked for it.</param>
    public static Hash32 Hash(
        JackpotId jackpot, long number, long sequence, long stakeMicros, long contributionMicros, byte road, in Hash16 key, in Hash16 body)
    {
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Byte(LeafPrefix);
        message.Domain("jackpot.void.v1"u8);
        message.Name(jackpot.Value);
        message.Number(number);
        message.Number(sequence);
        message.Number(stakeMicros);
        message.Number(contributionMicros);
        message.Number(road);
        message.Hash(key);
        message.Hash(body);
        Span<byte> hash = stackalloc byte[Hash32.Bytes];
        SHA256.HashData(message.Written, hash);
        return new Hash32(hash);
    }
}
