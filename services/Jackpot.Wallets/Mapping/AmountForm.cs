using System.Globalization;
using System.Text.Json;
using Jackpot.Core.Amounts;

namespace Jackpot.Wallets.Mapping;

/// <summary>How an operator writes an amount.</summary>
public enum AmountForm
{
    /// <summary>A JSON number with the decimals of the currency: <c>12.50</c>.</summary>
    Number,

    /// <summary>The same as a text: <c>"12.50"</c>.</summary>
    Text,

    /// <summary>A whole number of minor units: <c>1250</c>.</summary>
    Minor,

    /// <summary>A whole number of millionths: <c>12500000</c>.</summary>
    Micro,
}

static class AmountForms
{
    const decimal MicrosPerUnit = 1_000_000m;

    /// <summary>False where the operator could only be told another amount.</summary>
    public static bool CanSay(this AmountForm form, Money amount) => form == AmountForm.Micro || amount.Currency.IsWholeMinorUnits(amount.Micros);

    public static string Write(this AmountForm form, Money amount) => form switch
    {
        AmountForm.Micro => amount.Micros.ToString(CultureInfo.InvariantCulture),
        AmountForm.Minor => (amount.Micros / amount.Currency.MinorUnitMicros).ToString(CultureInfo.InvariantCulture),
        _ => (amount.Micros / MicrosPerUnit).ToString("F" + amount.Currency.MinorUnitDigits, CultureInfo.InvariantCulture),
    };

    public static bool IsText(this AmountForm form) => form == AmountForm.Text;

    /// <summary>The value decides, not the spelling. False for what is no amount in this form, or one that cannot be counted.</summary>
    public static bool TryRead(this AmountForm form, JsonElement json, Currency currency, out long micros)
    {
        micros = 0;
        return (form.IsText() ? TryText(json, out var value) : json.TryDecimal(out value)) && form.TryScale(value, currency, out micros);
    }

    /// <summary>The same of a list's field, which is text whatever stands in it.</summary>
    public static bool TryRead(this AmountForm form, string text, Currency currency, out long micros)
    {
        micros = 0;
        return TryDecimal(text, out var value) && form.TryScale(value, currency, out micros);
    }

    static bool TryScale(this AmountForm form, decimal value, Currency currency, out long micros)
    {
        micros = 0;
        var unit = form switch { AmountForm.Micro => 1m, AmountForm.Minor => currency.MinorUnitMicros, _ => MicrosPerUnit };
        if (Math.Abs(value) > long.MaxValue / unit || decimal.Truncate(value * unit) != value * unit)
        {
            return false;
        }

        micros = (long)(value * unit);
        return true;
    }

    static bool TryText(JsonElement json, out decimal value)
    {
        value = 0;
        return json.TryText(out var text) && TryDecimal(text, out value);
    }

    static bool TryDecimal(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
}
