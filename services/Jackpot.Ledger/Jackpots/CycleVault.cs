using System.Buffers.Binary;
using System.Security.Cryptography;
using Jackpot.Core.Draws;
using Jackpot.Ledger.Sealing;

namespace Jackpot.Ledger.Jackpots;

/// <summary>Makes cycle secrets and seals them for the database, bound to pool and cycle, so that a sealed secret cannot be moved to another cycle.</summary>
internal sealed class CycleVault(ReadOnlySpan<byte> key)
{
    public const int KeyBytes = Sealer.KeyBytes;

    readonly Sealer _sealer = new(key);

    public static CycleSecret NewSecret()
    {
        Span<byte> bytes = stackalloc byte[CycleSecret.Bytes];
        RandomNumberGenerator.Fill(bytes);
        return new CycleSecret(bytes);
    }

    public byte[] Seal(in CycleSecret secret, string poolId, long cycle)
    {
        Span<byte> plain = stackalloc byte[CycleSecret.Bytes];
        secret.CopyTo(plain);
        var blob = _sealer.Seal(plain, Binding(poolId, cycle));
        CryptographicOperations.ZeroMemory(plain);
        return blob;
    }

    /// <exception cref="CryptographicException">The blob was sealed with another key, or for another pool or cycle, or was changed.</exception>
    public CycleSecret Open(ReadOnlySpan<byte> blob, string poolId, long cycle)
    {
        Span<byte> plain = stackalloc byte[CycleSecret.Bytes];
        _sealer.Open(blob, plain, Binding(poolId, cycle));
        var secret = new CycleSecret(plain);
        CryptographicOperations.ZeroMemory(plain);
        return secret;
    }

    static byte[] Binding(string poolId, long cycle)
    {
        var binding = new byte[sizeof(long) + poolId.Length];
        BinaryPrimitives.WriteInt64BigEndian(binding, cycle);
        System.Text.Encoding.ASCII.GetBytes(poolId, binding.AsSpan(sizeof(long)));
        return binding;
    }
}
