using System.Security.Cryptography;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Chain;

/// <summary>One contribution as a leaf of its batch's Merkle tree.</summary>
public static class ContributionLeaf
{
    /// <summary>RFC 6962: leaves and inner nodes begin with different bytes, so that neither can pass for the other.</summary>
    const byte LeafPrefix = 0x00;

    /// <summary>
    /// SHA-256 over <c>00 | jackpot.leaf.v1 | jackpot | sequence | stake | contribution | key | body</c>; of a bet that was not made with cash
    /// over <c>00 | jackpot.leaf.v2 | jackpot | sequence | stake | contribution | funding | key | body</c>, for whether it may win is up to that.
    /// </summary>
    /// <param name="jackpot">The jackpot whose chain this is.</param>
    /// <param name="sequence">The contribution's gapless number in the jackpot.</param>
    /// <param name="stakeMicros">Stake in the jackpot's home currency.</param>
    /// <param name="contributionMicros">What of it went to the jackpot.</param>
    /// <param name="key">Hash of tenant and idempotency key: it binds the row without naming anybody.</param>
    /// <param name="body">Hash of the request body as it was received.</param>
    /// <param name="funding">What money it was: 0 for cash.</param>
    public static Hash32 Hash(JackpotId jackpot, long sequence, long stakeMicros, long contributionMicros, in Hash16 key, in Hash16 body, byte funding = 0)
    {
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Byte(LeafPrefix);
        message.Domain(funding == 0 ? "jackpot.leaf.v1"u8 : "jackpot.leaf.v2"u8);
        message.Name(jackpot.Value);
        message.Number(sequence);
        message.Number(stakeMicros);
        message.Number(contributionMicros);
        if (funding != 0)
        {
            message.Number(funding);
        }

        message.Hash(key);
        message.Hash(body);
        Span<byte> hash = stackalloc byte[Hash32.Bytes];
        SHA256.HashData(message.Written, hash);
        return new Hash32(hash);
    }
}
