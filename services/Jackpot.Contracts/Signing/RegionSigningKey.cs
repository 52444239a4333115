using System.Security.Cryptography;

namespace Jackpot.Contracts.Signing;

/// <summary>
/// The private key of a region: ECDSA over P-256 with SHA-256, signatures of 64 bytes (r and s, as in RFC 7518 section 3.4). The public half goes to
/// every region that listens; the private one stays in the secret store of its own.
/// </summary>
/// <remarks>Not safe for two threads at once: the framework's key object is not.</remarks>
public sealed class RegionSigningKey : IDisposable
{
    readonly ECDsa _key;

    RegionSigningKey(RegionKeyId id, ECDsa key) => (Id, _key) = (id, key);

    public RegionKeyId Id { get; }

    /// <summary>What others verify with: DER, SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey => _key.ExportSubjectPublicKeyInfo();

    /// <summary>A new key of chance.</summary>
    public static RegionSigningKey Create(RegionKeyId id) => new(id, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a secret: PKCS #8 in base64.</summary>
    /// <exception cref="FormatException">The text is no private key on P-256.</exception>
    public static RegionSigningKey FromSecret(RegionKeyId id, string base64) => new(id, SigningSecret.Read($"{id}", base64));

    /// <summary>For a secret store: PKCS #8 in base64.</summary>
    public string ToSecret() => SigningSecret.Of(_key);

    public byte[] Sign(ReadOnlySpan<byte> message) => _key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public void Dispose() => _key.Dispose();
}
