using System.Security.Cryptography;
using Jackpot.Core.Chain;

namespace Jackpot.Core.Ids;

/// <summary>The name of the one award that a cycle can have: 32 lower-case hexadecimal characters.</summary>
/// <remarks>It follows from pool and cycle, so that a second award of the same cycle collides with the first wherever it is stored.</remarks>
public readonly record struct AwardId
{
    const int Bytes = 16;

    readonly string? _value;

    AwardId(string value) => _value = value;

    public string Value => IdText.Used(_value);

    /// <summary>The first 16 bytes of SHA-256 over <c>jackpot.award.v1 | pool | cycle</c>.</summary>
    public static AwardId Of(PoolId pool, long cycle)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var message = new CanonicalMessage(stackalloc byte[CanonicalMessage.BytesMax]);
        message.Domain("jackpot.award.v1"u8);
        message.Name(pool.Value);
        message.Number(cycle);
        SHA256.HashData(message.Written, hash);
        return new AwardId(Convert.ToHexStringLower(hash[..Bytes]));
    }

    public static bool TryParse(string? text, out AwardId id)
    {
        var good = text is { Length: 2 * Bytes } && text.All(char.IsAsciiHexDigitLower);
        id = good ? new AwardId(text!) : default;
        return good;
    }

    /// <exception cref="FormatException">The text is not 32 lower-case hexadecimal characters.</exception>
    public static AwardId Parse(string? text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no award id: 32 lower-case hexadecimal characters are.");

    public override string ToString() => Value;
}
