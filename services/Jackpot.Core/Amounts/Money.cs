namespace Jackpot.Core.Amounts;

/// <summary>An exact amount: integer micro-units (10^-6 of the currency's main unit) and the currency.</summary>
/// <remarks>Arithmetic is checked and refuses mixed currencies; there is no implicit conversion anywhere.</remarks>
public readonly record struct Money(long Micros, Currency Currency)
{
    public static Money Zero(Currency currency) => new(0, currency);

    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    /// <exception cref="OverflowException">The sum does not fit.</exception>
    public static Money operator +(Money left, Money right) => new(checked(left.Micros + Same(left, right).Micros), left.Currency);

    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    /// <exception cref="OverflowException">The difference does not fit.</exception>
    public static Money operator -(Money left, Money right) => new(checked(left.Micros - Same(left, right).Micros), left.Currency);

    public static Money Add(Money left, Money right) => left + right;

    public static Money Subtract(Money left, Money right) => left - right;

    /// <summary>The greatest payable amount that is not above this one: rounds down to whole minor units.</summary>
    /// <exception cref="InvalidOperationException">The amount is negative: nobody is paid less than nothing.</exception>
    public Money FloorToMinorUnits() => Micros >= 0
        ? this with { Micros = Micros - Micros % Currency.MinorUnitMicros }
        : throw new InvalidOperationException($"{this} is negative and cannot be paid.");

    public override string ToString() => $"{AmountText.Format(Micros)} {Currency}";

    static Money Same(Money left, Money right) => left.Currency == right.Currency
        ? right
        : throw new InvalidOperationException($"{left.Currency} and {right.Currency} cannot be added; convert with an FxRate first.");
}
