using System.Text.Json.Serialization;

namespace Jackpot.Wallet.Transactions;

/// <summary>What a platform asks for: money to or from a player, once per transaction id.</summary>
sealed record TransactionRequest(
    string? TransactionId, string? TransactionType, string? PlayerId, string? TenantId, decimal? Amount, string? Currency, string? Reference);

/// <summary>
/// What the wallet did, and to whom with how much: a platform believes an answer only when it names its own transaction. The same for every
/// delivery of one id, and for every question about it.
/// </summary>
/// <param name="Status">done or refused.</param>
/// <param name="Reason">Why it was refused: player_closed, unknown_currency, insufficient_funds, or what a fault said.</param>
sealed record TransactionAnswer(
    string TransactionId, string Status, string? Reason, string PlayerId, decimal Amount, string Currency, decimal Balance);

/// <summary>One line of the wallet's own list.</summary>
sealed record TransactionListItem(
    long Position, string TransactionId, string TransactionType, string TenantId, string PlayerId, decimal Amount, string Currency,
    string? Reference, string Status, string? Reason, decimal Balance, DateTimeOffset AppliedAt);

sealed record TransactionList(IReadOnlyList<TransactionListItem> Transactions, long NextAfter);

sealed record BalanceAnswer(string TenantId, string PlayerId, string Currency, decimal Balance);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TransactionRequest))]
[JsonSerializable(typeof(TransactionAnswer))]
[JsonSerializable(typeof(TransactionList))]
[JsonSerializable(typeof(BalanceAnswer))]
sealed partial class TransactionJson : JsonSerializerContext;
