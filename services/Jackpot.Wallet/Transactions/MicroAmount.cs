namespace Jackpot.Wallet.Transactions;

/// <summary>Exact conversion between an amount on the wire (at most six decimals) and integer micro-units.</summary>
static class MicroAmount
{
    const decimal MicrosPerUnit = 1_000_000m;

    /// <summary>As much as 64 bits of micro-units hold: an award is a sum of stakes, so it may be above what a single stake may be.</summary>
    const decimal AmountMax = long.MaxValue / MicrosPerUnit;

    /// <summary>False for zero, negative, more than <see cref="AmountMax"/>, or a seventh decimal that is not zero.</summary>
    internal static bool TryToMicros(decimal amount, out long micros)
    {
        micros = 0;
        if (amount <= 0 || amount > AmountMax || decimal.Truncate(amount * MicrosPerUnit) != amount * MicrosPerUnit)
        {
            return false;
        }
        micros = (long)(amount * MicrosPerUnit);
        return true;
    }

    internal static decimal FromMicros(long micros) => micros / MicrosPerUnit;
}
