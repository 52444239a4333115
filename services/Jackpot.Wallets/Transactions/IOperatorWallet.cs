using Jackpot.Core.Amounts;

namespace Jackpot.Wallets.Transactions;

/// <summary>
/// An operator's wallet as payouts and side bets see it. No call throws for what the wallet does, and none is repeated: who calls asks
/// <see cref="StatusAsync"/> first. Calls may be made any number of times with the same id, also at once.
/// </summary>
public interface IOperatorWallet
{
    /// <summary>
    /// Whether a conformance run has shown that a repeated credit moves no money twice. Only then may a credit be sent again whose answer was lost and
    /// of which the wallet says that it does not know it, for the first may still be on its way.
    /// </summary>
    bool CreditsAreIdempotent { get; }

    /// <summary>Whether it has a call of its own for <see cref="CreditBatchAsync"/>.</summary>
    bool CreditsBatches { get; }

    /// <summary>Whether it has a call for <see cref="StatusAsync"/>.</summary>
    bool CanBeAsked { get; }

    /// <summary>Which ids this operator takes.</summary>
    IdRule Ids { get; }

    /// <summary>Credits or debits.</summary>
    Task<WalletAnswer> ApplyAsync(WalletTransaction transaction, CancellationToken ct);

    /// <summary>Credits each for itself, in as few calls as the operator has for it. The answers stand in the order of the transactions.</summary>
    Task<IReadOnlyList<WalletAnswer>> CreditBatchAsync(string batchId, IReadOnlyList<WalletTransaction> credits, CancellationToken ct);

    /// <summary>Takes a debit back, or a credit that was never to be; one that has not arrived yet must do nothing when it does.</summary>
    Task<WalletAnswer> CancelAsync(WalletTransaction transaction, CancellationToken ct);

    /// <summary>Takes back each for itself, in as few calls as the operator has for it.</summary>
    Task<IReadOnlyList<WalletAnswer>> CancelBatchAsync(string batchId, IReadOnlyList<WalletTransaction> transactions, CancellationToken ct);

    /// <summary>What became of a transaction; everything of it must be the same as when it was sent.</summary>
    Task<WalletAnswer> StatusAsync(WalletTransaction transaction, CancellationToken ct);

    Task<WalletReading<Money>> BalanceAsync(string tenantId, string playerId, Currency currency, CancellationToken ct);

    /// <summary>Whose token it is.</summary>
    Task<WalletReading<WalletPlayer>> AuthenticateAsync(string tenantId, string token, CancellationToken ct);
}
