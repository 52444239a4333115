using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Payouts;

/// <summary>The operator's wallet over HTTP. Credits carry the payout id, which the wallet applies at most once.</summary>
internal sealed class WalletClient(HttpClient http, TenantDirectory tenants)
{
    /// <summary>How long a wallet may think before its answer counts as lost.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Largest answer that is read. Outcome and reason need a hundredth of it; a larger one leaves the payout in doubt.</summary>
    public const int AnswerBytesMax = 64 * 1024;

    const int ReasonLengthMax = 200;

    public Task<WalletAnswer> CreditAsync(Payout payout, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Url(payout, "wallet/transaction"))
        {
            Content = JsonContent.Create(
                new WalletTransaction(payout.PayoutId, "Credit", payout.PlayerId, payout.TenantId, payout.AmountMicros, payout.Currency, payout.AwardId),
                WalletJson.Default.WalletTransaction),
        };
        return AskAsync(request, isQuery: null, ct);
    }

    public Task<WalletAnswer> FindAsync(Payout payout, CancellationToken ct) => AskAsync(
        new HttpRequestMessage(HttpMethod.Get, Url(payout, "wallet/transaction/" + payout.PayoutId)), new WalletAnswer.NotFound(), ct);

    /// <summary>An answer that names an outcome is believed; everything else leaves the payout in doubt.</summary>
    async Task<WalletAnswer> AskAsync(HttpRequestMessage request, WalletAnswer? isQuery, CancellationToken ct)
    {
        using var _ = request;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Timeout);
        try
        {
            using var response = await http.SendAsync(request, deadline.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity => await OutcomeAsync(response, deadline.Token),
                HttpStatusCode.NotFound when isQuery is not null => isQuery,
                HttpStatusCode.Conflict => new WalletAnswer.Refused("wallet_has_other_transaction_of_this_id"),
                _ => new WalletAnswer.InDoubt($"the wallet answered {(int)response.StatusCode}"),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return new WalletAnswer.InDoubt(e.GetType().Name);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new WalletAnswer.InDoubt($"no answer within {Timeout.TotalSeconds:0} s");
        }
    }

    static async Task<WalletAnswer> OutcomeAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var outcome = await response.Content.ReadFromJsonAsync(WalletJson.Default.WalletOutcome, ct);
        return outcome?.Status switch
        {
            "done" => new WalletAnswer.Done(),
            "refused" => new WalletAnswer.Refused(Short(outcome.Reason ?? "no_reason_given")),
            _ => new WalletAnswer.InDoubt("the wallet's answer names no outcome"),
        };
    }

    static string Short(string reason) => reason.Length <= ReasonLengthMax ? reason : reason[..ReasonLengthMax];

    Uri Url(Payout payout, string path) => new(
        tenants.Find(payout.TenantId)?.WalletUrl ?? throw new InvalidOperationException($"tenant '{payout.TenantId}' has no wallet in regions/"), path);
}

/// <summary>The body of a wallet transaction.</summary>
internal sealed record WalletTransaction(
    string TransactionId,
    string TransactionType,
    string PlayerId,
    string TenantId,
    [property: JsonPropertyName("amount"), JsonConverter(typeof(AmountMicrosConverter))] long AmountMicros,
    string Currency,
    string Reference);

internal sealed record WalletOutcome(string? Status, string? Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WalletTransaction))]
[JsonSerializable(typeof(WalletOutcome))]
internal sealed partial class WalletJson : JsonSerializerContext;
