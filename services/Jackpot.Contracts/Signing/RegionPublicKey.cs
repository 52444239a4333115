using System.Security.Cryptography;

namespace Jackpot.Contracts.Signing;

/// <summary>The name of a region's key: the region and what tells its keys apart, for example the month in which each was made.</summary>
/// <param name="Region">Whose key it is.</param>
/// <param name="Name">1 to 64 of a-z, 0-9 and '-'.</param>
public readonly record struct RegionKeyId(string Region, string Name)
{
    public override string ToString() => $"{Region}/{Name}";
}

/// <summary>A key that signatures of a region are verified with.</summary>
public sealed class RegionPublicKey : IDisposable
{
    /// <summary>Of every signature, in bytes.</summary>
    public const int SignatureBytes = 64;

    readonly ECDsa _key;
    readonly Lock _lock = new();

    /// <param name="id">Its name.</param>
    /// <param name="publicKey">DER, SubjectPublicKeyInfo.</param>
    /// <exception cref="FormatException">The bytes are no public key on P-256.</exception>
    public RegionPublicKey(RegionKeyId id, ReadOnlySpan<byte> publicKey)
    {
        (Id, _key) = (id, ECDsa.Create());
        try
        {
            _key.ImportSubjectPublicKeyInfo(publicKey, out var read);
            CheckCurve(_key);
            if (read == publicKey.Length)
            {
                return;
            }
        }
        catch (CryptographicException)
        {
            // Told below, as trailing bytes are.
        }

        _key.Dispose();
        throw new FormatException($"What was given as public key '{id}' is none on the curve P-256.");
    }

    public RegionKeyId Id { get; }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        lock (_lock)
        {
            return signature.Length == SignatureBytes
                && _key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    public void Dispose() => _key.Dispose();

    internal static void CheckCurve(ECDsa key)
    {
        if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
        {
            throw new CryptographicException("The key is on another curve than P-256.");
        }
    }
}
