namespace Jackpot.Core.Amounts;

/// <summary>Reads the JSON number grammar into an integer scaled by a power of ten, exactly or not at all.</summary>
ref struct DecimalText
{
    const int ExponentMax = 9_999;

    readonly ReadOnlySpan<byte> _text;
    readonly ulong _significandMax;
    int _at;
    UInt128 _significand;
    bool _tooManyDigits;
    int _pendingZeros;
    int _exponent;

    DecimalText(ReadOnlySpan<byte> text, ulong significandMax)
    {
        _text = text;
        _significandMax = significandMax;
    }

    /// <summary>The text's value times 10^<paramref name="decimals"/>, at most <paramref name="max"/>; what begins with a minus sign is refused.</summary>
    public static AmountParse TryParse(ReadOnlySpan<byte> text, int decimals, long max, out long scaled)
    {
        var parsed = TryReadMagnitude(text, decimals, (ulong)max, out var isNegative, out var magnitude);
        var taken = isNegative && parsed is not (AmountParse.Empty or AmountParse.NotANumber) ? AmountParse.Negative : parsed;
        scaled = taken == AmountParse.Ok ? (long)magnitude : 0;
        return taken;
    }

    /// <summary>As <see cref="TryParse"/>, but with a sign, and as far as a long reaches in either direction.</summary>
    public static AmountParse TryParseSigned(ReadOnlySpan<byte> text, int decimals, out long scaled)
    {
        const ulong FarthestBelowZero = (ulong)long.MaxValue + 1;
        var parsed = TryReadMagnitude(text, decimals, FarthestBelowZero, out var isNegative, out var magnitude);
        if (parsed == AmountParse.Ok && !isNegative && magnitude == FarthestBelowZero)
        {
            parsed = AmountParse.TooLarge;
        }

        scaled = parsed != AmountParse.Ok ? 0 : isNegative ? unchecked(-(long)magnitude) : (long)magnitude;
        return parsed;
    }

    static AmountParse TryReadMagnitude(ReadOnlySpan<byte> text, int decimals, ulong max, out bool isNegative, out ulong magnitude)
    {
        (isNegative, magnitude) = (!text.IsEmpty && text[0] == (byte)'-', 0);
        if (text.IsEmpty)
        {
            return AmountParse.Empty;
        }

        var reader = new DecimalText(isNegative ? text[1..] : text, max);
        return reader.ReadNumber() ? reader.Scale(decimals, out magnitude) : AmountParse.NotANumber;
    }

    bool ReadNumber() => ReadInteger() && ReadFraction() && ReadExponent() && _at == _text.Length;

    bool ReadInteger()
    {
        var first = _at;
        while (TakeDigit())
        {
        }

        var length = _at - first;
        return length == 1 || (length > 1 && _text[first] != (byte)'0');
    }

    bool ReadFraction()
    {
        if (!Take((byte)'.'))
        {
            return true;
        }

        var first = _at;
        while (TakeDigit())
        {
        }

        _exponent -= _at - first;
        return _at > first;
    }

    bool ReadExponent()
    {
        if (!Take((byte)'e') && !Take((byte)'E'))
        {
            return true;
        }

        var negative = Take((byte)'-');
        _ = negative || Take((byte)'+');
        var (first, written) = (_at, 0);
        for (; _at < _text.Length && _text[_at] is >= (byte)'0' and <= (byte)'9'; _at++)
        {
            written = Math.Min(written * 10 + (_text[_at] - '0'), ExponentMax);
        }

        _exponent += negative ? -written : written;
        return _at > first;
    }

    bool Take(byte symbol)
    {
        var found = _at < _text.Length && _text[_at] == symbol;
        _at += found ? 1 : 0;
        return found;
    }

    // Zeros wait until a digit follows them: trailing ones belong to the exponent, however many were written.
    bool TakeDigit()
    {
        if (_at == _text.Length || _text[_at] is < (byte)'0' or > (byte)'9')
        {
            return false;
        }

        var digit = _text[_at++] - '0';
        _pendingZeros += digit == 0 ? 1 : 0;
        if (digit != 0)
        {
            Append(digit);
        }

        return true;
    }

    void Append(int digit)
    {
        for (; _pendingZeros >= 0 && _significand <= _significandMax; _pendingZeros--)
        {
            _significand *= 10;
        }

        _pendingZeros = 0;
        _significand += (uint)digit;
        _tooManyDigits |= _significand > _significandMax;
    }

    readonly AmountParse Scale(int decimals, out ulong scaled)
    {
        scaled = 0;
        if (_significand == 0)
        {
            return AmountParse.Ok;
        }

        var power = _exponent + _pendingZeros + decimals;
        if (power < 0)
        {
            return AmountParse.TooManyDecimals;
        }

        var value = _significand;
        for (; power > 0 && value <= _significandMax; power--)
        {
            value *= 10;
        }

        if (_tooManyDigits || value > _significandMax)
        {
            return AmountParse.TooLarge;
        }

        scaled = (ulong)value;
        return AmountParse.Ok;
    }
}
