using System.Security.Cryptography;
using System.Text;

namespace Jackpot.Wallet.Transactions;

/// <summary>A request that has been checked; amounts are micro-units.</summary>
sealed record ValidTransaction(
    string Id, string Type, string PlayerId, string TenantId, long AmountMicros, string Currency, string? Reference, TransactionDetails Details)
{
    const int IdLengthMax = 200;

    /// <summary>Answers the checked request, or every fault that was found.</summary>
    internal static (ValidTransaction? Transaction, IReadOnlyList<string> Faults) Check(TransactionRequest request)
    {
        var faults = new List<string>();
        CheckId("transaction_id", request.TransactionId, faults);
        CheckId("player_id", request.PlayerId, faults);
        CheckId("tenant_id", request.TenantId, faults);
        CheckId("currency", request.Currency, faults);
        if (request.TransactionType is not ("Credit" or "Debit"))
        {
            faults.Add($"transaction_type is '{request.TransactionType}'; say Credit or Debit.");
        }
        if (request.Reference?.Length > IdLengthMax)
        {
            faults.Add($"reference has {request.Reference.Length} characters; at most {IdLengthMax} are taken.");
        }
        if (request.Reference is { } reference && reference.Any(char.IsControl))
        {
            faults.Add("reference holds a control character.");
        }
        var details = new TransactionDetails(
            request.GameId, request.RoundId, request.ContributionId, request.WinType, request.JackpotId, request.JackpotName, request.Tier);
        if (!((string?[])[details.GameId, details.RoundId, details.ContributionId, details.WinType, details.JackpotId, details.JackpotName, details.Tier])
            .All(detail => detail is null || (detail.Length <= IdLengthMax && !detail.Any(char.IsControl))))
        {
            faults.Add($"what the transaction is for has at most {IdLengthMax} characters a field, none of them a control character.");
        }
        if (request.Amount is not { } amount || !MicroAmount.TryToMicros(amount, out var micros))
        {
            faults.Add($"amount is {request.Amount?.ToString() ?? "missing"}; it must be above 0, at most 9223372036854.775807, with at most six decimals.");
            micros = 0;
        }
        return faults.Count > 0
            ? (null, faults)
            : (new ValidTransaction(request.TransactionId!, request.TransactionType!, request.PlayerId!, request.TenantId!, micros, request.Currency!, request.Reference, details), faults);
    }

    /// <summary>SHA-256 over every field but the id, each with its length before it, so that no two bodies share a text.</summary>
    internal byte[] BodyHash()
    {
        var text = new StringBuilder();
        foreach (var field in (string?[])[Type, PlayerId, TenantId, $"{AmountMicros}", Currency, Reference])
        {
            text.Append(field?.Length ?? -1).Append(':').Append(field).Append(';');
        }
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    static void CheckId(string name, string? value, List<string> faults)
    {
        if (string.IsNullOrEmpty(value))
        {
            faults.Add($"{name} is missing.");
        }
        else if (value.Length > IdLengthMax)
        {
            faults.Add($"{name} has {value.Length} characters; at most {IdLengthMax} are taken.");
        }
        else if (value.Any(char.IsControl))
        {
            faults.Add($"{name} holds a control character.");
        }
    }
}
