using System.Security.Cryptography;

namespace Jackpot.Core.Chain;

/// <summary>The Merkle tree of RFC 6962, section 2.1, over leaves that are hashed already (<see cref="ContributionLeaf"/>).</summary>
public static class MerkleTree
{
    const byte NodePrefix = 0x01;

    /// <summary>The root of the leaves in their order. The buffer is the scratch space and holds nothing of use afterwards.</summary>
    /// <remarks>
    /// Pairing neighbours level by level and carrying an odd last node up unchanged gives the same tree as the RFC's recursive split
    /// at the greatest power of two, without recursion and without any memory of its own.
    /// </remarks>
    /// <exception cref="ArgumentException">There are no leaves: an empty batch has no place in the chain.</exception>
    public static Hash32 Root(Span<Hash32> leaves)
    {
        if (leaves.IsEmpty)
        {
            throw new ArgumentException("An empty batch has no Merkle root.", nameof(leaves));
        }

        Span<byte> pair = stackalloc byte[1 + 2 * Hash32.Bytes];
        for (var nodes = leaves.Length; nodes > 1; nodes = (nodes + 1) / 2)
        {
            for (var i = 0; i < nodes / 2; i++)
            {
                leaves[i] = Node(leaves[2 * i], leaves[2 * i + 1], pair);
            }

            if (nodes % 2 == 1)
            {
                leaves[nodes / 2] = leaves[nodes - 1];
            }
        }

        return leaves[0];
    }

    static Hash32 Node(in Hash32 left, in Hash32 right, Span<byte> pair)
    {
        pair[0] = NodePrefix;
        left.CopyTo(pair[1..]);
        right.CopyTo(pair[(1 + Hash32.Bytes)..]);
        Span<byte> hash = stackalloc byte[Hash32.Bytes];
        SHA256.HashData(pair, hash);
        return new Hash32(hash);
    }
}
