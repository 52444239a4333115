using System.Collections.Frozen;

namespace Jackpot.Wallets.Mapping;

/// <summary>What a wallet can be asked. In a mapping file by its name in snake case.</summary>
public enum WalletOperation
{
    Authenticate,
    Balance,
    Credit,
    CreditBatch,
    Debit,
    Cancel,
    CancelBatch,
    Status,
}

/// <summary>What may stand in the braces of a template, operation by operation.</summary>
static class Placeholders
{
    public const string TransactionId = "transaction_id";
    public const string PlayerId = "player_id";
    public const string TenantId = "tenant_id";
    public const string Amount = "amount";
    public const string Currency = "currency";
    public const string Type = "type";
    public const string BatchId = "batch_id";
    public const string Token = "token";
    public const string Secret = "secret";
    public const string Now = "now";

    static readonly string[] OfAll = [TenantId, Secret, Now];

    static readonly string[] OfTransaction =
    [
        TransactionId, PlayerId, Amount, Currency, Type, "game_id", "round_id", "contribution_id", "win_type", "jackpot_id", "jackpot_name", "tier", "award_id",
    ];

    public static readonly FrozenDictionary<WalletOperation, FrozenSet<string>> Known = new Dictionary<WalletOperation, FrozenSet<string>>
    {
        [WalletOperation.Authenticate] = Set([Token]),
        [WalletOperation.Balance] = Set([PlayerId, Currency]),
        [WalletOperation.Credit] = Set(OfTransaction),
        [WalletOperation.CreditBatch] = Set([.. OfTransaction, BatchId]),
        [WalletOperation.Debit] = Set(OfTransaction),
        [WalletOperation.Cancel] = Set(OfTransaction),
        [WalletOperation.CancelBatch] = Set([.. OfTransaction, BatchId]),
        [WalletOperation.Status] = Set(OfTransaction),
    }.ToFrozenDictionary();

    static FrozenSet<string> Set(string[] names) => names.Concat(OfAll).ToFrozenSet(StringComparer.Ordinal);
}
