namespace Jackpot.Core.Maths;

/// <summary>An exact fraction, so that formulas need no rounding until somebody reads them.</summary>
/// <remarks>Always reduced, denominator above zero. Checked: what does not fit 128 bits throws.</remarks>
public readonly record struct Ratio : IComparable<Ratio>
{
    readonly Int128 _denominatorLessOne;

    public Ratio(Int128 numerator, Int128 denominator)
    {
        if (denominator <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(denominator), "A denominator is above zero.");
        }

        var divisor = GreatestCommonDivisor(Int128.Abs(numerator), denominator);
        Numerator = numerator / divisor;
        _denominatorLessOne = denominator / divisor - 1;
    }

    public Int128 Numerator { get; }

    /// <summary>At least one, also of the default value, which is zero.</summary>
    public Int128 Denominator => _denominatorLessOne + 1;

    public static implicit operator Ratio(long whole) => new(whole, 1);

    public static Ratio FromInt64(long whole) => whole;

    public static Ratio operator +(Ratio left, Ratio right) =>
        new(left.Numerator * right.Denominator + right.Numerator * left.Denominator, left.Denominator * right.Denominator);

    public static Ratio operator -(Ratio left, Ratio right) => left + new Ratio(-right.Numerator, right.Denominator);

    // Reduced crosswise first, which keeps products of large amounts within bounds.
    public static Ratio operator *(Ratio left, Ratio right)
    {
        var (a, b) = (new Ratio(left.Numerator, right.Denominator), new Ratio(right.Numerator, left.Denominator));
        return new Ratio(a.Numerator * b.Numerator, a.Denominator * b.Denominator);
    }

    /// <exception cref="DivideByZeroException">The right side is not above zero.</exception>
    public static Ratio operator /(Ratio left, Ratio right) => right.Numerator > 0
        ? left * new Ratio(right.Denominator, right.Numerator)
        : throw new DivideByZeroException("Only division by a ratio above zero has a use here.");

    public static Ratio Add(Ratio left, Ratio right) => left + right;

    public static Ratio Subtract(Ratio left, Ratio right) => left - right;

    public static Ratio Multiply(Ratio left, Ratio right) => left * right;

    public static Ratio Divide(Ratio left, Ratio right) => left / right;

    public int CompareTo(Ratio other) => Int128.Sign((this - other).Numerator);

    public static bool operator <(Ratio left, Ratio right) => left.CompareTo(right) < 0;

    public static bool operator >(Ratio left, Ratio right) => left.CompareTo(right) > 0;

    public static bool operator <=(Ratio left, Ratio right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Ratio left, Ratio right) => left.CompareTo(right) >= 0;

    /// <summary>The greatest whole number of parts, for example parts per million, that is not above this; for ratios from zero up.</summary>
    public long FloorOf(long parts) => (long)(Numerator * parts / Denominator);

    /// <summary>The least whole number of parts that is not below this; for ratios from zero up.</summary>
    public long CeilingOf(long parts) => (long)((Numerator * parts + Denominator - 1) / Denominator);

    public override string ToString() => $"{Numerator}/{Denominator}";

    static Int128 GreatestCommonDivisor(Int128 a, Int128 b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a == 0 ? 1 : a;
    }
}
