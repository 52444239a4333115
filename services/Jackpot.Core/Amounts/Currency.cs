namespace Jackpot.Core.Amounts;

/// <summary>An ISO 4217 currency that money can be held in: three capital letters and the digits of its minor unit.</summary>
/// <remarks>Only codes of <see cref="CurrencyTable"/> can be made, so that every <see cref="Currency"/> knows its minor unit.</remarks>
public readonly record struct Currency
{
    readonly string? _code;

    Currency(string code, int minorUnitDigits) => (_code, MinorUnitDigits) = (code, minorUnitDigits);

    /// <summary>Three capital letters, for example <c>EUR</c>.</summary>
    public string Code => _code ?? throw new InvalidOperationException("A currency was used that nobody set.");

    /// <summary>Decimals that a payment in this currency may have: 2 for EUR, 0 for JPY, 3 for KWD.</summary>
    public int MinorUnitDigits { get; }

    /// <summary>One minor unit in micro-units: 10,000 for EUR, 1,000,000 for JPY.</summary>
    public long MinorUnitMicros => MinorUnitDigits switch
    {
        0 => 1_000_000,
        2 => 10_000,
        3 => 1_000,
        4 => 100,
        _ => throw new InvalidOperationException($"No currency has {MinorUnitDigits} minor unit digits."),
    };

    /// <summary>False when the text is not a code of the table; lower case is not accepted.</summary>
    public static bool TryParse(string? text, out Currency currency)
    {
        var known = CurrencyTable.TryGetDigits(text, out var digits);
        currency = known ? new Currency(text!, digits) : default;
        return known;
    }

    /// <exception cref="FormatException">The text is no currency code of the table.</exception>
    public static Currency Parse(string text) =>
        TryParse(text, out var currency) ? currency : throw new FormatException($"'{text}' is not an ISO 4217 currency code.");

    /// <summary>True when an amount can be paid out exactly in this currency.</summary>
    public bool IsWholeMinorUnits(long micros) => micros % MinorUnitMicros == 0;

    public override string ToString() => Code;
}
