using System.Text.Json.Serialization;

namespace Jackpot.Wallet.Transactions;

/// <summary>What a platform asks for: money to or from a player, once per transaction id.</summary>
sealed record TransactionRequest(
    string? TransactionId, string? TransactionType, string? PlayerId, string? TenantId, decimal? Amount, string? Currency, string? Reference)
{
    public string? GameId { get; init; }

    public string? RoundId { get; init; }

    /// <summary>The winning bet.</summary>
    public string? ContributionId { get; init; }

    public string? WinType { get; init; }

    public string? JackpotId { get; init; }

    public string? JackpotName { get; init; }

    public string? Tier { get; init; }
}

/// <summary>Transactions that come together; each is applied for itself.</summary>
sealed record TransactionBatch(string? BatchId, IReadOnlyList<TransactionRequest?>? Transactions);

/// <summary>What the wallet did with each of a batch, in their order.</summary>
sealed record BatchAnswer(string BatchId, IReadOnlyList<TransactionAnswer> Transactions);

/// <summary>What a transaction was for, as the platform said it.</summary>
sealed record TransactionDetails(string? GameId, string? RoundId, string? ContributionId, string? WinType, string? JackpotId, string? JackpotName, string? Tier);

/// <summary>
/// What the wallet did, and to whom with how much: a platform believes an answer only when it names its own transaction. The same for every
/// delivery of one id, and for every question about it.
/// </summary>
/// <param name="Status">done, refused or cancelled; conflict, of an item of a batch, when its id was used for another transaction.</param>
/// <param name="Reason">Why it was refused: player_closed, unknown_currency, insufficient_funds, or what a fault said.</param>
sealed record TransactionAnswer(
    string TransactionId, string Status, string? Reason, string PlayerId, decimal Amount, string Currency, decimal Balance);

/// <summary>One line of the wallet's own list.</summary>
sealed record TransactionListItem(
    long Position, string TransactionId, string TransactionType, string TenantId, string PlayerId, decimal Amount, string Currency,
    string? Reference, string Status, string? Reason, decimal Balance, DateTimeOffset AppliedAt, TransactionDetails? Details);

sealed record TransactionList(IReadOnlyList<TransactionListItem> Transactions, long NextAfter);

sealed record BalanceAnswer(string TenantId, string PlayerId, string Currency, decimal Balance);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TransactionRequest))]
[JsonSerializable(typeof(TransactionAnswer))]
[JsonSerializable(typeof(TransactionList))]
[JsonSerializable(typeof(BalanceAnswer))]
[JsonSerializable(typeof(TransactionBatch))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(TransactionDetails))]
sealed partial class TransactionJson : JsonSerializerContext;
