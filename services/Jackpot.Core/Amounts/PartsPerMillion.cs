namespace Jackpot.Core.Amounts;

/// <summary>A share between nothing and all, in parts per million: 10,000 is one percent.</summary>
public readonly record struct PartsPerMillion
{
    /// <summary>All of it.</summary>
    public const int Whole = 1_000_000;

    /// <exception cref="ArgumentOutOfRangeException">The value is below 0 or above 1,000,000.</exception>
    public PartsPerMillion(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Whole);
        Value = value;
    }

    public int Value { get; }

    /// <summary>This share of a non-negative amount, rounded down to the micro-unit.</summary>
    /// <remarks>Whole millions and the rest are multiplied apart, which is exact and cannot overflow.</remarks>
    public long FloorOf(long micros)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(micros);
        var (millions, rest) = Math.DivRem(micros, Whole);
        return millions * Value + rest * Value / Whole;
    }

    public override string ToString() => $"{Value} ppm";
}
