using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Telemetry;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Payouts;

/// <summary>
/// The operator's wallet over HTTP. Credits carry the payout id, which the wallet applies at most once. An answer counts only when it names our
/// transaction, player, amount and currency; everything else leaves the payout in doubt, and an answer about something else is an alarm.
/// </summary>
internal sealed partial class WalletClient(HttpClient http, TenantDirectory tenants, ShardMetrics metrics, ILogger<WalletClient> log)
{
    /// <summary>How long a wallet may think before its answer counts as lost.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>A longer answer is not read; ours have a few hundred bytes.</summary>
    public const int AnswerBytesMax = 64 * 1024;

    const string CreditQuestion = "credit";
    const string FindQuestion = "query";

    /// <summary>Whether the tenant's wallet is proven to credit a transaction id at most once.</summary>
    public bool AppliesIdsOnce(string tenantId) => tenants.Find(tenantId)?.WalletAppliesIdsOnce == true;

    public Task<WalletAnswer> CreditAsync(Payout payout, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Url(payout, "wallet/transaction"))
        {
            Content = JsonContent.Create(
                new WalletTransaction(payout.TransactionId, "Credit", payout.PlayerId, payout.TenantId, payout.AmountMicros, payout.Currency, payout.AwardId),
                WalletJson.Default.WalletTransaction),
        };
        return AskAsync(request, payout, CreditQuestion, ct);
    }

    public Task<WalletAnswer> FindAsync(Payout payout, CancellationToken ct) => AskAsync(
        new HttpRequestMessage(HttpMethod.Get, Url(payout, "wallet/transaction/" + payout.TransactionId)), payout, FindQuestion, ct);

    async Task<WalletAnswer> AskAsync(HttpRequestMessage request, Payout payout, string question, CancellationToken ct)
    {
        using var _ = request;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Timeout);
        try
        {
            using var response = await http.SendAsync(request, deadline.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity =>
                    Outcome(payout, question, WalletOutcome.Read(await response.Content.ReadAsByteArrayAsync(deadline.Token))),
                HttpStatusCode.NotFound when question == FindQuestion => WalletAnswer.NotFound,
                HttpStatusCode.Conflict => NotOurs(payout, question, "it has another transaction of this id"),
                >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError when question == CreditQuestion && !IsPassing(response.StatusCode) =>
                    WalletAnswer.Refused($"the wallet answered {(int)response.StatusCode}"),
                _ => WalletAnswer.InDoubt($"the wallet answered {(int)response.StatusCode}"),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return WalletAnswer.InDoubt(e.GetType().Name);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return WalletAnswer.InDoubt($"no answer within {Timeout.TotalSeconds:0} s");
        }
    }

    /// <summary>Answers that say nothing of the credit itself: it came too slowly, too early or too often.</summary>
    static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (HttpStatusCode)425;

    WalletAnswer Outcome(Payout payout, string question, WalletOutcome? outcome)
    {
        if (outcome is null)
        {
            return NotOurs(payout, question, "it is not the JSON of an outcome");
        }

        return outcome.OthersThan(payout) is { Count: > 0 } others
            ? NotOurs(payout, question, $"it names another {string.Join(", ", others)}, or none")
            : outcome.Status switch
            {
                "done" => WalletAnswer.Done,
                "refused" => WalletAnswer.Refused(outcome.Reason),
                _ => NotOurs(payout, question, "its status is neither done nor refused"),
            };
    }

    WalletAnswer NotOurs(Payout payout, string question, string seen)
    {
        metrics.WalletAnswerNotOurs(question);
        LogNotOurs(log, payout.PayoutId, question, seen);
        return WalletAnswer.InDoubt($"the wallet's answer is not about this payout: {seen}");
    }

    Uri Url(Payout payout, string path) => new(
        tenants.Find(payout.TenantId)?.WalletUrl ?? throw new InvalidOperationException($"tenant '{payout.TenantId}' has no wallet in regions/"), path);

    [LoggerMessage(EventId = 420, Level = LogLevel.Error,
        Message = "A wallet's answer to the {Question} of {PayoutId} is not about that payout ({Seen}); it stays in doubt until the wallet answers about it. Ask the operator")]
    static partial void LogNotOurs(ILogger logger, string payoutId, string question, string seen);
}
