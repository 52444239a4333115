using System.Security.Cryptography;

namespace Jackpot.Ledger.Sealing;

/// <summary>
/// Seals bytes for the database (AES-256-GCM: nonce, ciphertext, tag), bound to what they belong to, so that sealed bytes cannot be moved elsewhere. The
/// key comes from the secret store and is never written anywhere.
/// </summary>
internal sealed class Sealer
{
    public const int KeyBytes = 32;

    /// <summary>What sealed bytes are longer than plain ones.</summary>
    public const int AddedBytes = NonceBytes + TagBytes;

    const int NonceBytes = 12;
    const int TagBytes = 16;

    readonly byte[] _key;

    public Sealer(ReadOnlySpan<byte> key) => _key = key.ToArray();

    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> binding)
    {
        var blob = new byte[plain.Length + AddedBytes];
        RandomNumberGenerator.Fill(blob.AsSpan(0, NonceBytes));
        using var cipher = Cipher();
        cipher.Encrypt(blob.AsSpan(0, NonceBytes), plain, blob.AsSpan(NonceBytes, plain.Length), blob.AsSpan(NonceBytes + plain.Length), binding);
        return blob;
    }

    /// <param name="blob">What was sealed.</param>
    /// <param name="plain">Takes it opened; as long as it was.</param>
    /// <param name="binding">What it belongs to.</param>
    /// <exception cref="CryptographicException">The blob was sealed with another key, or for something else, or was changed.</exception>
    public void Open(ReadOnlySpan<byte> blob, Span<byte> plain, ReadOnlySpan<byte> binding)
    {
        if (blob.Length != plain.Length + AddedBytes)
        {
            throw new CryptographicException("Sealed bytes have the wrong length.");
        }

        using var cipher = Cipher();
        cipher.Decrypt(blob[..NonceBytes], blob.Slice(NonceBytes, plain.Length), blob[(NonceBytes + plain.Length)..], plain, binding);
    }

    // One cipher per use: an AesGcm must not be used by two threads at once, and what is sealed is rare.
    AesGcm Cipher() => new(_key, TagBytes);
}
