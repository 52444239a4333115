using System.Globalization;
using System.Text;

namespace Jackpot.Core.Amounts;

/// <summary>What became of a text that should be an amount.</summary>
public enum AmountParse
{
    Ok,
    Empty,
    NotANumber,
    Negative,
    TooManyDecimals,
    TooLarge,
}

/// <summary>Amounts on the wire: exact decimal text to micro-units and back. No binary fraction is ever involved.</summary>
public static class AmountText
{
    /// <summary>10^12 units: the largest amount that is taken from outside.</summary>
    public const long MicrosMax = 1_000_000_000_000_000_000;

    /// <summary>Room that <see cref="Format(long, Span{byte})"/> needs at most.</summary>
    public const int Utf8BytesMax = 24;

    const int Decimals = 6;
    const long MicrosPerUnit = 1_000_000;

    /// <summary>Reads a JSON number from outside as micro-units: for endpoints alone, see <see cref="TryReadBack"/>.</summary>
    /// <remarks>
    /// The value decides, not the spelling: <c>2</c>, <c>2.00</c> and <c>2.0E0</c> are the same amount, because JSON writers differ
    /// (Java spells ten million <c>1.0E7</c>). A value that needs a seventh decimal is refused, never rounded. A minus sign is refused, even before zero.
    /// </remarks>
    public static AmountParse TryParse(ReadOnlySpan<byte> utf8, out long micros) =>
        DecimalText.TryParse(utf8, Decimals, MicrosMax, out micros);

    /// <summary>As <see cref="TryParse"/>, of a number in units of 10^<paramref name="exponent"/>: -2 for cents, 3 for thousands. Exact, or refused.</summary>
    public static AmountParse TryParseScaled(ReadOnlySpan<byte> utf8, int exponent, out long micros) =>
        DecimalText.TryParse(utf8, Decimals + exponent, MicrosMax, out micros);

    /// <summary>
    /// Reads back an amount that the platform itself wrote, for example in an event or an export: whatever fits in a long, below zero too. The
    /// limits of <see cref="TryParse"/> are for single inputs, and a sum of inputs that were all taken can be above them.
    /// </summary>
    public static AmountParse TryReadBack(ReadOnlySpan<byte> utf8, out long micros) => DecimalText.TryParseSigned(utf8, Decimals, out micros);

    /// <summary>Writes the canonical text: no exponent, at least two decimals, at most six, exact. Returns the bytes written.</summary>
    public static int Format(long micros, Span<byte> utf8)
    {
        var (units, fraction) = Math.DivRem(Magnitude(micros), (ulong)MicrosPerUnit);
        Span<byte> text = stackalloc byte[Utf8BytesMax];
        var length = 0;
        if (micros < 0)
        {
            text[length++] = (byte)'-';
        }

        units.TryFormat(text[length..], out var unitDigits, default, CultureInfo.InvariantCulture);
        length += unitDigits;
        text[length++] = (byte)'.';
        fraction.TryFormat(text[length..], out var fractionDigits, "D6", CultureInfo.InvariantCulture);
        length += fractionDigits;
        for (var spare = Decimals - 2; spare > 0 && text[length - 1] == (byte)'0'; spare--)
        {
            length--;
        }

        text[..length].CopyTo(utf8);
        return length;
    }

    /// <summary>The canonical text as a string.</summary>
    public static string Format(long micros)
    {
        Span<byte> utf8 = stackalloc byte[Utf8BytesMax];
        return Encoding.ASCII.GetString(utf8[..Format(micros, utf8)]);
    }

    /// <summary>The canonical text of a sum, which may be larger than any amount.</summary>
    public static string Format(Int128 micros)
    {
        var magnitude = micros < 0 ? (UInt128)(-(micros + 1)) + 1 : (UInt128)micros;
        var (units, fraction) = UInt128.DivRem(magnitude, (ulong)MicrosPerUnit);
        var decimals = ((ulong)fraction).ToString("D6", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{(micros < 0 ? "-" : "")}{units}.{decimals[..2]}{decimals[2..].TrimEnd('0')}");
    }

    /// <summary>Reads what <see cref="Format(Int128)"/> writes, or any other JSON number without an exponent and with at most six decimals.</summary>
    public static bool TryParseSum(string text, out Int128 micros)
    {
        micros = 0;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (units, fraction) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..]);
        return units.Length > 0 && char.IsAsciiDigit(units[^1]) && fraction.Length <= Decimals && fraction.All(char.IsAsciiDigit)
            && Int128.TryParse(units + fraction.PadRight(Decimals, '0'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out micros);
    }

    // long.MinValue has no positive counterpart as a long.
    static ulong Magnitude(long micros) => micros < 0 ? (ulong)-(Int128)micros : (ulong)micros;
}
