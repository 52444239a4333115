using System.Buffers.Binary;
using System.Security.Cryptography;
using Jackpot.Core.Chain;

namespace Jackpot.Core.Draws;

/// <summary>The only source of chance: 64 bits of HMAC-SHA256 under the cycle's secret.</summary>
static class KeyedHash
{
    /// <summary>The first eight bytes, big endian.</summary>
    public static ulong First64Bits(in CycleSecret secret, in CanonicalMessage message)
    {
        Span<byte> key = stackalloc byte[CycleSecret.Bytes];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        secret.CopyTo(key);
        HMACSHA256.HashData(key, message.Written, hash);
        CryptographicOperations.ZeroMemory(key);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
