using Jackpot.Core.Amounts;
using Jackpot.Wallets.Mapping;

namespace Jackpot.Wallets.Reconciliation;

/// <summary>What an operator's list of credits looks like. What is left out is as our own interface has it.</summary>
/// <param name="Columns">What the list calls <see cref="TransactionId"/>, <see cref="PlayerId"/> and the others.</param>
public sealed record CreditListFormat(IReadOnlyDictionary<string, string> Columns)
{
    public const string TransactionId = "transaction_id";
    public const string PlayerId = "player_id";
    public const string Amount = "amount";
    public const string Currency = "currency";

    /// <summary>When it was booked, as RFC 3339 or <c>2026-11-30 23:59:59</c> in UTC; may be missing.</summary>
    public const string At = "at";

    public static readonly IReadOnlyList<string> Known = [TransactionId, PlayerId, Amount, Currency, At];

    /// <summary>Between two fields.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>Between units and their decimals.</summary>
    public char DecimalPoint { get; init; } = '.';

    public AmountForm Amounts { get; init; } = AmountForm.Number;

    /// <summary>Of every line, where the list has no column for it.</summary>
    public Currency? AllIn { get; init; }

    /// <summary>Lines count only where this column has this value, for lists of more than credits.</summary>
    public (string Column, string Value)? Only { get; init; }

    /// <summary>What the list calls it.</summary>
    public string NameOf(string column) => Columns.GetValueOrDefault(column, column);
}
