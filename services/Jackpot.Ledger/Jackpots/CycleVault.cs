using System.Buffers.Binary;
using System.Security.Cryptography;
using Jackpot.Core.Draws;

namespace Jackpot.Ledger.Jackpots;

/// <summary>
/// Makes cycle secrets and seals them for the database (AES-256-GCM: nonce, ciphertext, tag; bound to pool and cycle, so that a sealed
/// secret cannot be moved to another cycle). The key comes from the secret store and is never written anywhere.
/// </summary>
internal sealed class CycleVault
{
    public const int KeyBytes = 32;

    const int NonceBytes = 12;
    const int TagBytes = 16;

    readonly byte[] _key;

    public CycleVault(ReadOnlySpan<byte> key) => _key = key.ToArray();

    public static CycleSecret NewSecret()
    {
        Span<byte> bytes = stackalloc byte[CycleSecret.Bytes];
        RandomNumberGenerator.Fill(bytes);
        return new CycleSecret(bytes);
    }

    public byte[] Seal(in CycleSecret secret, string poolId, long cycle)
    {
        var blob = new byte[NonceBytes + CycleSecret.Bytes + TagBytes];
        Span<byte> plain = stackalloc byte[CycleSecret.Bytes];
        secret.CopyTo(plain);
        RandomNumberGenerator.Fill(blob.AsSpan(0, NonceBytes));
        using var cipher = Cipher();
        cipher.Encrypt(
            blob.AsSpan(0, NonceBytes), plain, blob.AsSpan(NonceBytes, CycleSecret.Bytes),
            blob.AsSpan(NonceBytes + CycleSecret.Bytes), Binding(poolId, cycle));
        CryptographicOperations.ZeroMemory(plain);
        return blob;
    }

    /// <exception cref="CryptographicException">The blob was sealed with another key, or for another pool or cycle, or was changed.</exception>
    public CycleSecret Open(ReadOnlySpan<byte> blob, string poolId, long cycle)
    {
        if (blob.Length != NonceBytes + CycleSecret.Bytes + TagBytes)
        {
            throw new CryptographicException("A sealed cycle secret has the wrong length.");
        }

        Span<byte> plain = stackalloc byte[CycleSecret.Bytes];
        using var cipher = Cipher();
        cipher.Decrypt(
            blob[..NonceBytes], blob.Slice(NonceBytes, CycleSecret.Bytes), blob[(NonceBytes + CycleSecret.Bytes)..], plain, Binding(poolId, cycle));
        var secret = new CycleSecret(plain);
        CryptographicOperations.ZeroMemory(plain);
        return secret;
    }

    // One cipher per use: an AesGcm must not be used by two batchers at once, and cycles open rarely.
    AesGcm Cipher() => new(_key, TagBytes);

    static byte[] Binding(string poolId, long cycle)
    {
        var binding = new byte[sizeof(long) + poolId.Length];
        BinaryPrimitives.WriteInt64BigEndian(binding, cycle);
        System.Text.Encoding.ASCII.GetBytes(poolId, binding.AsSpan(sizeof(long)));
        return binding;
    }
}
