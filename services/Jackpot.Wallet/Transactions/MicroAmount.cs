namespace Jackpot.Wallet.Transactions;

/// <summary>Exact conversion between an amount on the wire (at most six decimals) and integer micro-units.</summary>
static class MicroAmount
{
    const decimal MicrosPerUnit = 1_000_000m;
    const decimal AmountMax = 1_000_000_000_000m;

    /// <summary>False for zero, negative, more than 10^12, or a seventh decimal that is not zero.</summary>
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
