using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Ledger.Awards;

namespace Jackpot.Shard.Payouts;

/// <summary>The body of a wallet transaction.</summary>
internal sealed record WalletTransaction(
    string TransactionId,
    string TransactionType,
    string PlayerId,
    string TenantId,
    [property: JsonPropertyName("amount"), JsonConverter(typeof(AmountMicrosConverter))] long AmountMicros,
    string Currency,
    string Reference);

/// <summary>What a wallet says that it did, and to which transaction. All of it is somebody else's text.</summary>
internal sealed record WalletOutcome(
    string? TransactionId,
    string? PlayerId,
    [property: JsonPropertyName("amount")] JsonElement Amount,
    string? Currency,
    string? Status,
    [property: JsonPropertyName("reason")] JsonElement ReasonText)
{
    const decimal MicrosPerUnit = 1_000_000m;

    /// <summary>Null when the body is not such an answer. Bytes that are no UTF-8 become U+FFFD, which is no id of ours.</summary>
    public static WalletOutcome? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(Encoding.UTF8.GetString(body), WalletJson.Default.WalletOutcome);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The fields in which this is not about the payout; a field that is missing is one of them. The value of the amount counts, not its spelling.</summary>
    public List<string> OthersThan(Payout payout)
    {
        var others = new List<string>();
        Compare("transaction_id", TransactionId == payout.TransactionId);
        Compare("player_id", PlayerId == payout.PlayerId);
        Compare("amount", Amount.ValueKind == JsonValueKind.Number && Amount.TryGetDecimal(out var amount) && amount == payout.AmountMicros / MicrosPerUnit);
        Compare("currency", Currency == payout.Currency);
        return others;

        void Compare(string field, bool same)
        {
            if (!same)
            {
                others.Add(field);
            }
        }
    }

    /// <summary>Why it refused, for a person to read. Half of a surrogate pair cannot be read as text; then the escapes are shown as they were written.</summary>
    [JsonIgnore]
    public string Reason
    {
        get
        {
            try
            {
                return ReasonText.ValueKind switch
                {
                    JsonValueKind.Undefined or JsonValueKind.Null => "no_reason_given",
                    JsonValueKind.String => ReasonText.GetString()!,
                    _ => ReasonText.GetRawText(),
                };
            }
            catch (InvalidOperationException)
            {
                return ReasonText.GetRawText();
            }
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(WalletTransaction))]
[JsonSerializable(typeof(WalletOutcome))]
internal sealed partial class WalletJson : JsonSerializerContext;
