using System.Security.Cryptography;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Awards;

/// <summary>The name of the one award that a cycle can have: 24 characters of Crockford's base 32 in lower case, which is 120 bits.</summary>
/// <remarks>
/// It follows from shard, epoch, pool and cycle, so that a second award of the same cycle collides with the first wherever it is stored, and an
/// award of another shard, or of the same shard before it was restored, never does. Two of a billion awards have the same 120 bits with a chance
/// of 4 in 10^19. Awards from before epochs have 32 hexadecimal characters, which follow from pool and cycle alone.
/// </remarks>
public readonly record struct AwardId
{
    /// <summary>With "payout-" before it and the number of one of 9,999 winners behind it, 36 characters: what wallets take as a transaction id.</summary>
    const int Chars = 24;

    const int BitsPerChar = 5;
    const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    const int BytesBeforeEpochs = 16;

    readonly string? _value;

    AwardId(string value) => _value = value;

    public string Value => IdText.Used(_value);

    /// <summary>The first 120 bits of SHA-256 over <c>jackpot.award.v2 | shard | epoch | pool | cycle</c>.</summary>
    public static AwardId Of(ShardEpoch epoch, PoolId pool, long cycle)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain("jackpot.award.v2"u8);
        message.Name(epoch.Shard);
        message.Number(epoch.Number);
        message.Name(pool.Value);
        message.Number(cycle);
        SHA256.HashData(message.Written, hash);
        return new AwardId(Base32(hash));
    }

    /// <summary>As awards from before epochs were named: the first 16 bytes of SHA-256 over <c>jackpot.award.v1 | pool | cycle</c>.</summary>
    public static AwardId Of(PoolId pool, long cycle)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain("jackpot.award.v1"u8);
        message.Name(pool.Value);
        message.Number(cycle);
        SHA256.HashData(message.Written, hash);
        return new AwardId(Convert.ToHexStringLower(hash[..BytesBeforeEpochs]));
    }

    /// <summary>As the award was named when it was made: with an epoch, or before there were any.</summary>
    public static AwardId Of(ShardEpoch? epoch, PoolId pool, long cycle) => epoch is { } known ? Of(known, pool, cycle) : Of(pool, cycle);

    static string Base32(ReadOnlySpan<byte> hash)
    {
        Span<char> text = stackalloc char[Chars];
        for (var i = 0; i < Chars; i++)
        {
            var bit = i * BitsPerChar;
            var two = (hash[bit / 8] << 8) | hash[bit / 8 + 1];
            text[i] = Alphabet[(two >> (16 - BitsPerChar - bit % 8)) & 31];
        }

        return new string(text);
    }

    public static bool TryParse(string? text, out AwardId id)
    {
        var good = text switch
        {
            { Length: Chars } => text.All(Alphabet.Contains),
            { Length: 2 * BytesBeforeEpochs } => text.All(char.IsAsciiHexDigitLower),
            _ => false,
        };
        id = good ? new AwardId(text!) : default;
        return good;
    }

    /// <exception cref="FormatException">The text has neither form.</exception>
    public static AwardId Parse(string? text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"'{text}' is no award id: {Chars} characters of {Alphabet} are, and 32 hexadecimal ones of awards from before epochs.");

    public override string ToString() => Value;
}
