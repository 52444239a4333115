using System.Collections.Immutable;
using Jackpot.Core.Amounts;

namespace Jackpot.Core.Pools;

/// <summary>The faults of one tier, told with its id and in its currency.</summary>
sealed class PoolCheck(PoolConfig pool, Currency currency, ImmutableArray<ConfigFault>.Builder faults)
{
    /// <summary>Amounts in a configuration stay a factor of nine below what a balance can hold.</summary>
    const long MicrosMax = AmountText.MicrosMax;

    public PoolConfig Pool => pool;

    public long MinorUnitMicros => currency.MinorUnitMicros;

    public string Text(long micros) => new Money(micros, currency).ToString();

    public void Refuse(bool broken, ConfigFaultKind kind, string message)
    {
        if (broken)
        {
            faults.Add(new ConfigFault(kind, pool.Id, message));
        }
    }

    public void WholeMinorUnits(long micros, ConfigFaultKind kind, string what) =>
        Refuse(!currency.IsWholeMinorUnits(micros), kind, $"The {what} is {Text(micros)}; {currency} is paid in {currency.MinorUnitDigits} decimals.");

    public void Amount(long micros, string what) =>
        Refuse(micros > MicrosMax, ConfigFaultKind.AmountTooLarge, $"The {what} is {Text(micros)}; at most {Text(MicrosMax)} is allowed.");
}
