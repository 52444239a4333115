using System.Buffers.Binary;
using System.Security.Cryptography;
using Jackpot.Core.Chain;

namespace Jackpot.Core.Draws;

/// <summary>The only source of chance: bits of HMAC-SHA256 under the cycle's secret.</summary>
static class KeyedHash
{
    /// <summary>Each attempt succeeds with more than one half; running out has less chance than guessing the secret.</summary>
    const int AttemptsMax = 256;

    /// <summary>The first eight bytes, big endian.</summary>
    public static ulong First64Bits(in CycleSecret secret, in CanonicalMessage message) => (ulong)(First128Bits(secret, message) >> 64);

    /// <summary>Uniform from zero to one below <paramref name="count"/>, which is at most 2^63.</summary>
    /// <remarks>Bits that fall into the incomplete last multiple of the count are refused, so that no result is likelier than another. The attempt's number ends the message.</remarks>
    public static ulong Below(ulong count, in CycleSecret secret, in CanonicalMessage message)
    {
        var incomplete = (ulong)((UInt128.One << 64) % count);
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var bits = First64Bits(secret, message.WithNumber(attempt));
            if (bits <= ulong.MaxValue - incomplete)
            {
                return bits % count;
            }
        }

        throw OutOfAttempts();
    }

    /// <summary>As <see cref="Below(ulong, in CycleSecret, in CanonicalMessage)"/>, from 128 bits, for counts up to 2^127.</summary>
    public static UInt128 Below(UInt128 count, in CycleSecret secret, in CanonicalMessage message)
    {
        var incomplete = (UInt128.MaxValue % count + 1) % count;
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var bits = First128Bits(secret, message.WithNumber(attempt));
            if (bits <= UInt128.MaxValue - incomplete)
            {
                return bits % count;
            }
        }

        throw OutOfAttempts();
    }

    static UInt128 First128Bits(in CycleSecret secret, in CanonicalMessage message)
    {
        Span<byte> key = stackalloc byte[CycleSecret.Bytes];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        secret.CopyTo(key);
        HMACSHA256.HashData(key, message.Written, hash);
        CryptographicOperations.ZeroMemory(key);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    static InvalidOperationException OutOfAttempts() => new($"No number was found in {AttemptsMax} attempts: the hash is broken.");
}
