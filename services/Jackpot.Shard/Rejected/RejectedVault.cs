using System.Security.Cryptography;
using System.Text;
using Jackpot.Ledger.Sealing;

namespace Jackpot.Shard.Rejected;

/// <summary>Seals bodies of kept messages with a key of its own, made of the region's, and names each message by a hash that tells nothing without that key.</summary>
internal sealed class RejectedVault
{
    readonly Sealer _sealer;
    readonly byte[] _nameKey;

    /// <param name="key">The region's key from the secret store.</param>
    public RejectedVault(ReadOnlySpan<byte> key)
    {
        Span<byte> own = stackalloc byte[Sealer.KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, own, [], "rejected messages"u8);
        _sealer = new Sealer(own);
        _nameKey = new byte[Sealer.KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, _nameKey, [], "names of rejected messages"u8);
    }

    /// <summary>The same for the same body on the same topic, on every replica and after every restart.</summary>
    public Guid NameOf(string topic, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _nameKey);
        hash.AppendData(Encoding.UTF8.GetBytes(topic));
        hash.AppendData([0]);
        hash.AppendData(body);
        return new Guid(hash.GetHashAndReset().AsSpan(0, 16), bigEndian: true);
    }

    public byte[] Seal(ReadOnlySpan<byte> body, Guid once16) => _sealer.Seal(body, once16.ToByteArray());

    /// <exception cref="CryptographicException">It was sealed with another key, or is another message's, or was changed.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedBody, Guid once16)
    {
        var body = new byte[Math.Max(0, sealedBody.Length - Sealer.AddedBytes)];
        _sealer.Open(sealedBody, body, once16.ToByteArray());
        return body;
    }
}
