using Jackpot.Wallet.Faults;

namespace Jackpot.Wallet.Transactions;

/// <summary>What the wallet says about the transactions in its books; and where it is made to be wrong, what it then does.</summary>
sealed class TransactionBook(TransactionStore store, WalletCurrencies currencies, WalletFlaws flaws)
{
    internal const string Conflict = "conflict";
    const string Cancelled = "cancelled";
    const string Refused = "refused";

    /// <summary>Applies it, or says what was done before. The effect does not depend on whether the caller still listens: a real wallet's does not, either.</summary>
    internal async Task<TransactionAnswer> ApplyAsync(ValidTransaction transaction, string? refusal, bool inBatch = false)
    {
        var repeats = flaws.All.Count > 0 && flaws.Repeats(transaction.Id);
        if (repeats && (flaws.Has(Flaw.AppliesRepetitions) || (inBatch && flaws.Has(Flaw.AppliesRepetitionsInBatch))))
        {
            await store.ApplyAsync(transaction with { Id = $"{transaction.Id}~{Guid.NewGuid():N}" }, null, CancellationToken.None);
        }

        refusal = currencies.Known.Contains(transaction.Currency) ? refusal : "unknown_currency";
        var (stored, sameBody) = await store.ApplyAsync(transaction, refusal, CancellationToken.None);
        return sameBody
            ? Told(stored.Status == Cancelled ? Answer(stored) with { Status = Refused, Reason = Cancelled } : Answer(stored))
            : flaws.Has(Flaw.TakesReusedIds) ? NotDone(transaction, "done", null) : NotDone(transaction, Conflict, null);
    }

    internal async Task<TransactionAnswer> CancelAsync(ValidTransaction transaction)
    {
        if (flaws.Has(Flaw.ForgetsCancellations) && await store.FindAsync(transaction.Id, CancellationToken.None) is null)
        {
            return NotDone(transaction, Cancelled, null);
        }

        var (stored, sameBody) = await store.CancelAsync(transaction, CancellationToken.None);
        return !sameBody ? NotDone(transaction, Conflict, null)
            : stored.Status == Cancelled ? Told(Answer(stored))
            : Told(Answer(stored) with { Status = Refused, Reason = "insufficient_funds" });
    }

    /// <summary>What was done under this id; null when nothing ever was.</summary>
    internal async Task<TransactionAnswer?> FindAsync(string id, CancellationToken cancellation) =>
        !flaws.Has(Flaw.KnowsNoIds) && await store.FindAsync(id, cancellation) is { } stored ? Told(Answer(stored)) : null;

    /// <summary>Only for a wallet that is made to refuse batches as a whole.</summary>
    internal async Task<bool> WouldRefuseAnyAsync(IReadOnlyList<ValidTransaction> transactions)
    {
        var closed = await store.ClosedPlayersAsync(CancellationToken.None);
        return transactions.Any(one => !currencies.Known.Contains(one.Currency) || closed.Contains((one.TenantId, one.PlayerId)));
    }

    internal static TransactionAnswer NotDone(ValidTransaction transaction, string status, string? reason) =>
        new(transaction.Id, status, reason, transaction.PlayerId, MicroAmount.FromMicros(transaction.AmountMicros), transaction.Currency, 0);

    static TransactionAnswer Answer(TransactionListItem stored) =>
        new(stored.TransactionId, stored.Status, stored.Reason, stored.PlayerId, stored.Amount, stored.Currency, stored.Balance);

    TransactionAnswer Told(TransactionAnswer answer)
    {
        var reasoned = flaws.Has(Flaw.GivesNoReasons) ? answer with { Reason = null } : answer;
        return flaws.Has(Flaw.LosesDigits) ? reasoned with { Amount = (decimal)(float)answer.Amount } : reasoned;
    }
}
