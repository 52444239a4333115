using System.Security.Cryptography;
using System.Text;

namespace Jackpot.Wallets.Transactions;

/// <summary>What an operator's transaction ids may be made of.</summary>
public enum IdCharacters
{
    /// <summary>Letters, digits and <c>-</c>.</summary>
    Text,

    /// <summary>A UUID in its usual spelling: the id's hash as version 8 (RFC 9562).</summary>
    Uuid,

    /// <summary>Digits alone.</summary>
    Digits,
}

/// <summary>Which transaction ids an operator takes.</summary>
public sealed record IdRule(int CharsMax, IdCharacters Characters)
{
    /// <summary>Of shorter ones so few bits would be left that two of a billion could be the same.</summary>
    public const int CharsMin = 24;

    /// <summary>What nearly every operator takes.</summary>
    public static readonly IdRule Usual = new(36, IdCharacters.Text);
}

/// <summary>
/// The id under which a wallet knows a transaction of ours. It is ours wherever it fits, else it follows from ours alone, by SHA-256: the same in every
/// process and for ever. An operator's rule must not change while transactions of theirs are open: they would be asked about under other ids.
/// </summary>
public static class TransactionIds
{
    const string Base32 = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string Fit(string id, IdRule rule) => rule.Characters switch
    {
        IdCharacters.Uuid => Uuid(id),
        IdCharacters.Digits => Spelled(id, "0123456789", rule.CharsMax),
        _ when id.Length <= rule.CharsMax && id.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol == '-') => id,
        _ => Spelled(id, Base32, rule.CharsMax),
    };

    static string Uuid(string id)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    static string Spelled(string id, string alphabet, int charsMax)
    {
        var number = new System.Numerics.BigInteger(SHA256.HashData(Encoding.UTF8.GetBytes(id)), isUnsigned: true, isBigEndian: true);
        return string.Create(Math.Min(charsMax, IdRule.Usual.CharsMax), number, (text, rest) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                rest = System.Numerics.BigInteger.DivRem(rest, alphabet.Length, out var digit);
                text[i] = alphabet[(int)digit];
            }
        });
    }
}
