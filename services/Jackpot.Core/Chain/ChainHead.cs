using System.Security.Cryptography;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Chain;

/// <summary>The hash chain of a jackpot: one link per batch, so that no row can be changed, added or removed later without every later head changing.</summary>
public static class ChainHead
{
    /// <summary>The head before the first batch: SHA-256 over <c>jackpot.genesis.v1 | jackpot</c>.</summary>
    public static Hash32 Genesis(JackpotId jackpot)
    {
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain("jackpot.genesis.v1"u8);
        message.Name(jackpot.Value);
        return Hashed(message);
    }

    /// <summary>The head after a batch: SHA-256 over <c>jackpot.head.v1 | head before | Merkle root | first sequence | count</c>.</summary>
    /// <remarks>
    /// A jackpot with timed pools tells when the batch was decided; the message then is <c>jackpot.head.v2 | … | count | decided at</c>,
    /// so that the instant which made somebody the winner cannot be moved later.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The batch is empty, or its first sequence is below 1, or the instant is before 1970.</exception>
    public static Hash32 Advance(in Hash32 head, in Hash32 root, long firstSequence, int count, long decidedAtUnixMs = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstSequence, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain(decidedAtUnixMs == 0 ? "jackpot.head.v1"u8 : "jackpot.head.v2"u8);
        message.Hash(head);
        message.Hash(root);
        message.Number(firstSequence);
        message.Number(count);
        if (decidedAtUnixMs != 0)
        {
            message.Number(decidedAtUnixMs);
        }

        return Hashed(message);
    }

    /// <summary>The head after a step of voids: SHA-256 over <c>jackpot.voids.v1 | head before | Merkle root | sequence | first number | count</c>.</summary>
    /// <param name="head">Before the step.</param>
    /// <param name="root">Over the <see cref="VoidLeaf"/>s.</param>
    /// <param name="afterSequence">The jackpot's last contribution before the step; zero for none.</param>
    /// <param name="firstNumber">The number of the step's first void, from 1.</param>
    /// <param name="count">How many voids.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is empty, or a number is out of range.</exception>
    public static Hash32 AdvanceByVoids(in Hash32 head, in Hash32 root, long afterSequence, long firstNumber, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstNumber, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain("jackpot.voids.v1"u8);
        message.Hash(head);
        message.Hash(root);
        message.Number(afterSequence);
        message.Number(firstNumber);
        message.Number(count);
        return Hashed(message);
    }

    static Hash32 Hashed(in CanonicalMessage message)
    {
        Span<byte> hash = stackalloc byte[Hash32.Bytes];
        SHA256.HashData(message.Written, hash);
        return new Hash32(hash);
    }
}
