using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Jackpot.Wallets.Signing;

/// <summary>The three headers of a signed message, by their names in RFC 9421 and RFC 9530.</summary>
public sealed record SignatureHeaders(string ContentDigest, string SignatureInput, string Signature)
{
    public const string DigestName = "Content-Digest";
    public const string InputName = "Signature-Input";
    public const string SignatureName = "Signature";
}

/// <summary>Why a message is not believed.</summary>
public enum SignatureFault
{
    /// <summary>One of the three headers is not there, or there more than once.</summary>
    Missing,

    /// <summary>The headers are not as <see cref="HttpSignature"/> writes them, or do not cover what they must.</summary>
    Malformed,

    UnknownKey,

    /// <summary>Made too long ago, or by a clock that is ahead.</summary>
    Stale,

    /// <summary>The body is another than the digest says.</summary>
    DigestDiffers,

    SignatureDiffers,

    /// <summary>It came before.</summary>
    Replayed,
}

/// <summary>
/// HTTP message signatures (RFC 9421) with one label, <c>hmac-sha256</c>, a creation time, a nonce and a key id. They cover exactly what
/// <see cref="SignedMessage"/> lists, in that order: fewer would leave something to a stranger, and more is not needed.
/// </summary>
public static partial class HttpSignature
{
    /// <summary>How far two clocks may be apart, the time on the way included.</summary>
    public static readonly TimeSpan SkewMax = TimeSpan.FromSeconds(60);

    const string Label = "sig1";
    const int NonceBytes = 16;

    [GeneratedRegex("""^sig1=(\([^()]*\);created=([0-9]{1,12});nonce="([A-Za-z0-9_-]{16,64})";keyid="([A-Za-z0-9._-]{1,64})";alg="hmac-sha256")$""")]
    private static partial Regex Input { get; }

    [GeneratedRegex("^sig1=:([A-Za-z0-9+/=]{44}):$")]
    private static partial Regex Mac { get; }

    public static SignatureHeaders Sign(SignedMessage message, SigningKey key, DateTimeOffset now)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));
        var parameters = string.Create(
            CultureInfo.InvariantCulture, $"{message.Covered};created={now.ToUnixTimeSeconds()};nonce=\"{nonce}\";keyid=\"{key.Id}\";alg=\"hmac-sha256\"");
        return new SignatureHeaders(message.Digest, $"{Label}={parameters}", $"{Label}=:{Convert.ToBase64String(key.Mac(message.Base(parameters)))}:");
    }

    /// <summary>Null when the message is what the holder of a known key signed just now.</summary>
    /// <param name="seen">Remembers what came before; null where a message can only be the answer to one question.</param>
    public static SignatureFault? Verify(
        SignedMessage message, SignatureHeaders headers, IReadOnlyDictionary<string, SigningKey> keys, DateTimeOffset now, NonceMemory? seen)
    {
        if (headers is not { ContentDigest.Length: > 0, SignatureInput.Length: > 0, Signature.Length: > 0 })
        {
            return SignatureFault.Missing;
        }

        var (input, mac) = (Input.Match(headers.SignatureInput), Mac.Match(headers.Signature));
        if (!input.Success || !mac.Success || !input.Groups[1].Value.StartsWith(message.Covered + ";", StringComparison.Ordinal))
        {
            return SignatureFault.Malformed;
        }

        if (!keys.TryGetValue(input.Groups[4].Value, out var key))
        {
            return SignatureFault.UnknownKey;
        }

        // The digest is compared by the signature's text, which holds the digest of the body that came: but the sender is told which of the two is wrong.
        if (headers.ContentDigest != message.Digest)
        {
            return SignatureFault.DigestDiffers;
        }

        if (!CryptographicOperations.FixedTimeEquals(key.Mac(message.Base(input.Groups[1].Value)), Bytes(mac.Groups[1].Value)))
        {
            return SignatureFault.SignatureDiffers;
        }

        var created = DateTimeOffset.FromUnixTimeSeconds(Math.Min(long.Parse(input.Groups[2].ValueSpan, CultureInfo.InvariantCulture), 253_402_300_799));
        if ((now - created).Duration() > SkewMax)
        {
            return SignatureFault.Stale;
        }

        return seen?.IsNew(key.Id, input.Groups[3].Value, now) == false ? SignatureFault.Replayed : null;
    }

    static byte[] Bytes(string base64)
    {
        var bytes = new byte[33];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : [];
    }
}
