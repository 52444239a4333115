using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Telemetry;
using Jackpot.Wallets.Transactions;
using Answer = Jackpot.Wallets.Transactions.WalletAnswer;

namespace Jackpot.Shard.Payouts;

/// <summary>
/// The operator's wallet as the saga sees it. A credit carries the payout's id, which the wallet applies at most once, and everything that the operator needs to
/// book it. An answer counts only when it names our transaction, player, amount and currency; one about something else is an alarm.
/// </summary>
internal sealed partial class WalletClient(OperatorWallets wallets, ShardMetrics metrics, ILogger<WalletClient> log)
{
    const string CreditQuestion = "credit";
    const string FindQuestion = "query";

    /// <summary>Whether the tenant's wallet is proven to credit a transaction id at most once.</summary>
    public bool AppliesIdsOnce(string tenantId) => wallets.Find(tenantId)?.CreditsAreIdempotent == true;

    /// <summary>Whether the tenant's wallet can be asked about a transaction.</summary>
    public bool CanBeAsked(string tenantId) => wallets.Find(tenantId)?.CanBeAsked == true;

    /// <summary>What the tenant's wallet knows a transaction of ours by.</summary>
    public string IdThere(string tenantId, string transactionId) => wallets.Find(tenantId) is { } wallet ? TransactionIds.Fit(transactionId, wallet.Ids) : transactionId;

    public async Task<WalletAnswer> CreditAsync(Payout payout, CancellationToken ct)
    {
        var wallet = WalletOf(payout);

        // A share below a minor unit of the winner's currency is the operator's to settle, all of it.
        return payout.Paid.Micros == 0
            ? WalletAnswer.Done
            : Told(payout, CreditQuestion, await wallet.ApplyAsync(TransactionOf(payout, wallet.Ids), ct));
    }

    /// <summary>Whether the tenant's wallet takes many credits in one call.</summary>
    public bool CreditsBatches(string tenantId) => wallets.Find(tenantId)?.CreditsBatches == true;

    /// <summary>Credits payouts of one tenant together; the answers stand in their order, and each is about its own payout.</summary>
    public async Task<IReadOnlyList<WalletAnswer>> CreditBatchAsync(string tenantId, string batchId, IReadOnlyList<Payout> batch, CancellationToken ct)
    {
        var wallet = wallets.Find(tenantId) ?? throw new InvalidOperationException($"tenant '{tenantId}' has no wallet in regions/");
        var sent = batch.Where(payout => payout.Paid.Micros > 0).ToArray();
        var answers = sent.Length == 0 ? [] : await wallet.CreditBatchAsync(batchId, [.. sent.Select(payout => TransactionOf(payout, wallet.Ids))], ct);
        var told = sent.Zip(answers).ToDictionary(one => one.First.PayoutId, one => Told(one.First, CreditQuestion, one.Second), StringComparer.Ordinal);
        return [.. batch.Select(payout => told.GetValueOrDefault(payout.PayoutId, WalletAnswer.Done))];
    }

    public async Task<WalletAnswer> FindAsync(Payout payout, CancellationToken ct)
    {
        var wallet = WalletOf(payout);
        return payout.Paid.Micros == 0
            ? WalletAnswer.Done
            : Told(payout, FindQuestion, await wallet.StatusAsync(TransactionOf(payout, wallet.Ids), ct));
    }

    static WalletTransaction TransactionOf(Payout payout, IdRule ids) =>
        new(TransactionType.Credit, TransactionIds.Fit(payout.TransactionId, ids), payout.TenantId, payout.PlayerId, payout.Paid)
        {
            GameId = payout.GameId,
            RoundId = payout.RoundId,
            ContributionId = payout.ContributionId,
            WinType = payout.Part is null ? "jackpot" : "community",
            JackpotId = payout.JackpotId,
            JackpotName = payout.JackpotName,
            Tier = payout.Tier,
            AwardId = payout.AwardId,
        };

    IOperatorWallet WalletOf(Payout payout) =>
        wallets.Find(payout.TenantId) ?? throw new InvalidOperationException($"tenant '{payout.TenantId}' has no wallet in regions/");

    WalletAnswer Told(Payout payout, string question, Answer answer)
    {
        switch (answer)
        {
            case Answer.Done:
                return WalletAnswer.Done;
            case Answer.Refused(var reason):
                return WalletAnswer.Refused(reason);
            case Answer.Unknown:
                return WalletAnswer.NotFound;
            case Answer.InDoubt doubt:
                if (doubt.IsStrange)
                {
                    metrics.WalletAnswerNotOurs(question);
                    LogNotOurs(log, payout.PayoutId, question, doubt.Why);
                }

                return WalletAnswer.InDoubt(doubt.Why) with { NothingWasSent = !doubt.MayHaveArrived, IsStrange = doubt.IsStrange };
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    [LoggerMessage(EventId = 420, Level = LogLevel.Error,
        Message = "A wallet's answer to the {Question} of {PayoutId} is not about that payout ({Seen}); it stays in doubt until the wallet answers about it. Ask the operator")]
    static partial void LogNotOurs(ILogger logger, string payoutId, string question, string seen);
}
