using Jackpot.Core.Amounts;

namespace Jackpot.Wallets.Transactions;

/// <summary>Which way the money goes.</summary>
public enum TransactionType
{
    /// <summary>To the player.</summary>
    Credit,

    /// <summary>From the player.</summary>
    Debit,
}

/// <summary>
/// Money to or from one player, once per id. Everything that must be the same in a repetition, and in the wallet's answer, is in the constructor;
/// the rest says to the operator what the money is for.
/// </summary>
/// <param name="TransactionId">At most 36 characters unless the operator takes more; see <see cref="TransactionIds"/>.</param>
/// <param name="Amount">Above zero, whole minor units of the player's own currency.</param>
public sealed record WalletTransaction(TransactionType Type, string TransactionId, string TenantId, string PlayerId, Money Amount)
{
    public string? GameId { get; init; }

    public string? RoundId { get; init; }

    /// <summary>The winning bet, or the side bet itself.</summary>
    public string? ContributionId { get; init; }

    /// <summary>What kind of win: <c>jackpot</c> or <c>community</c>; null for a debit.</summary>
    public string? WinType { get; init; }

    public string? JackpotId { get; init; }

    /// <summary>What players see.</summary>
    public string? JackpotName { get; init; }

    public string? Tier { get; init; }

    /// <summary>The award that a credit is a share of.</summary>
    public string? AwardId { get; init; }
}
