using Jackpot.Core.Amounts;

namespace Jackpot.Gateway.Feeds;

/// <summary>In what an operator counts money: powers of ten of the currency's unit, so that every amount is exact or refused.</summary>
static class MoneyUnit
{
    /// <summary>For currencies that a feed does not name.</summary>
    internal const string Others = "*";

    const string Minor = "minor_units";

    static readonly Dictionary<string, int> Exponents = new()
    {
        ["units"] = 0, ["cents"] = -2, ["thousandths"] = -3, ["ten_thousandths"] = -4, ["micros"] = -6, ["hundreds"] = 2, ["thousands"] = 3, ["millions"] = 6,
    };

    internal static IEnumerable<string> Names => Exponents.Keys.Append(Minor);

    internal static bool IsKnown(string name) => name == Minor || Exponents.ContainsKey(name);

    /// <summary>The power of ten that one of it is worth.</summary>
    internal static int ExponentOf(string name, Currency currency) => name == Minor ? -currency.MinorUnitDigits : Exponents[name];
}
