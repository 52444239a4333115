using System.Security.Cryptography;
using System.Text;

namespace Jackpot.Wallets.Signing;

/// <summary>A secret that two parties share, by the name that both know it under.</summary>
public sealed class SigningKey
{
    /// <summary>Shorter secrets can be guessed.</summary>
    public const int SecretBytesMin = 16;

    readonly byte[] _secret;

    /// <exception cref="ArgumentException">The id cannot stand in a header, or the secret is short.</exception>
    public SigningKey(string id, string secret)
    {
        if (id.Length is 0 or > 64 || !id.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '_' or '.'))
        {
            throw new ArgumentException($"A key id has 1 to 64 letters, digits, '-', '_' and '.'; '{id}' is none.", nameof(id));
        }

        (Id, _secret) = (id, Encoding.UTF8.GetBytes(secret));
        if (_secret.Length < SecretBytesMin)
        {
            throw new ArgumentException($"The secret of key '{id}' has {_secret.Length} bytes; at least {SecretBytesMin} are needed.", nameof(secret));
        }
    }

    public string Id { get; }

    internal byte[] Mac(string text) => HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(text));
}
