using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Contracts.Instants;

/// <summary>
/// Instants as they cross a border: RFC 3339 with an offset, for example <c>2026-01-31T12:00:00Z</c> or <c>2026-01-31T13:00:00.25+01:00</c>. A time
/// without a day, a day without a time and a time without an offset mean another instant to everybody, so they are refused.
/// </summary>
public static class Rfc3339
{
    /// <summary>What a refusal says.</summary>
    public const string Expected = "an RFC 3339 time with an offset, such as 2026-01-31T12:00:00Z or 2026-01-31T13:00:00+01:00";

    const string Shape = "0000-00-00T00:00:00";
    const int OffsetLength = 6;
    const int LengthMax = 64;

    /// <summary>False when the text is no such instant. Digits of a second beyond the seventh are not kept.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        return text.Length is > 0 and <= LengthMax && HasShape(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant);
    }

    static bool HasShape(ReadOnlySpan<char> text)
    {
        if (text.Length <= Shape.Length || !Matches(text[..Shape.Length], Shape))
        {
            return false;
        }

        var rest = text[Shape.Length..];
        if (rest[0] == '.')
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0)
            {
                return false;
            }

            rest = rest[(1 + digits)..];
        }

        return rest is "Z" or "z" || (rest.Length == OffsetLength && rest[0] is '+' or '-' && Matches(rest[1..], "00:00"));
    }

    static bool Matches(ReadOnlySpan<char> text, string shape)
    {
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] == '0' ? !char.IsAsciiDigit(text[i]) : char.ToUpperInvariant(text[i]) != shape[i])
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Reads nothing but <see cref="Rfc3339"/> where the serializer would take a day alone, or a time of an unknown zone.</summary>
public sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Rfc3339.TryParse(reader.GetString(), out var instant)
            ? instant
            : throw new JsonException($"this must be {Rfc3339.Expected}");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
