using System.Security.Cryptography;

namespace Jackpot.Contracts.Signing;

/// <summary>A private key as it lies in a secret store: ECDSA on P-256, PKCS #8 in base64.</summary>
public static class SigningSecret
{
    /// <summary>The secret of a new key of chance.</summary>
    public static string New()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Of(key);
    }

    /// <summary>The secret of a key.</summary>
    public static string Of(ECDsa key) => Convert.ToBase64String(key.ExportPkcs8PrivateKey());

    /// <summary>Reads a secret; whoever asks disposes of the key.</summary>
    /// <param name="name">Which secret, for whoever reads the fault; the secret itself is never told.</param>
    /// <param name="base64">Its text.</param>
    /// <exception cref="FormatException">The text is no private key on P-256.</exception>
    public static ECDsa Read(string name, string base64)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(base64), out _);
            RegionPublicKey.CheckCurve(key);
            return key;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            key.Dispose();
            throw new FormatException($"What was given as key '{name}' is no private key on the curve P-256 (PKCS #8, base64).");
        }
    }
}
