using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Telemetry;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Payouts.Community;
using Jackpot.Shard.Players;
using Jackpot.Shard.Regions;
using Jackpot.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>An operator's wallet that applies each id once and can be made to answer anything.</summary>
internal sealed class FakeWallet : HttpMessageHandler
{
    readonly Dictionary<string, JsonElement> _applied = new(StringComparer.Ordinal);

    public ShardMetrics Metrics { get; } = new();

    /// <summary>In place of the answer that a sound wallet gives; it is handed the transaction.</summary>
    public Func<JsonElement, (HttpStatusCode Status, byte[] Body)>? Answer { get; set; }

    /// <summary>What players got, in the order in which they got it.</summary>
    public List<(string Id, string Player, decimal Amount)> Credits { get; } = [];

    /// <summary>Where the regions' files are; by default those of the demo, whose wallets are proven to apply an id once.</summary>
    public string RegionsPath { get; init; } = Path.Combine(RepositoryFolder.Root, "regions");

    /// <summary>Transactions that it has no memory of when it is asked.</summary>
    public bool Forgets { get; set; }

    /// <summary>No connection can be made.</summary>
    public bool IsAway { get; set; }

    public WalletClient Client() => new(
        new OperatorWallets(Tenants(), Options(), "http://wallet.invalid/", null, TimeProvider.System, this), Metrics, NullLogger<WalletClient>.Instance);

    /// <summary>Runs the saga's step of a payout against this wallet.</summary>
    public Task<CreditOutcome> CreditAsync(TestLedger ledger, string payoutId) =>
        new CreditWinner(StoreOf(ledger), Client(), StepsOf(ledger), ledger.Parked).RunAsync(null!, payoutId);

    /// <summary>Credits of a shared award against this wallet.</summary>
    public BatchCredits Batches(TestLedger ledger) => new(StoreOf(ledger), Client(), StepsOf(ledger));

    PayoutSteps StepsOf(TestLedger ledger) => new(
        StoreOf(ledger), new PayoutChecks(new PlayerStatusStore(ledger.Database, ledger.Clock), StoreOf(ledger), Tenants()), NullLogger<PayoutSteps>.Instance);

    static PayoutStore StoreOf(TestLedger ledger) => new(ledger.Database, new(), ledger.Clock);

    /// <summary>How many transactions came in each call for many.</summary>
    public List<int> Batched { get; } = [];

    /// <summary>Transactions of a batch whose answers are left out of its answer.</summary>
    public Func<JsonElement, bool> Omits { get; set; } = _ => false;

    ShardOptions Options() => new() { Id = TestLedger.Shard, Region = "eu-mt", RegionsPath = RegionsPath };

    public TenantDirectory Tenants() => new(Options(), "http://wallet.invalid/");

    /// <summary>The bodies of credits, as they came.</summary>
    public List<JsonElement> Sent { get; } = [];

    /// <summary>As if it had been asked before, and the answer had been lost.</summary>
    public void Apply(JsonElement transaction)
    {
        var id = transaction.GetProperty("transaction_id").GetString()!;
        if (_applied.TryAdd(id, transaction))
        {
            Credits.Add((id, transaction.GetProperty("player_id").GetString()!, transaction.GetProperty("amount").GetDecimal()));
        }
    }

    public static JsonElement Transaction(Payout payout) => JsonElement.Parse(string.Create(CultureInfo.InvariantCulture, $$"""
        {"transaction_id":"{{payout.PayoutId}}","player_id":"{{payout.PlayerId}}","amount":{{payout.AmountMicros / 1_000_000m}},"currency":"{{payout.Currency}}"}
        """));

    /// <summary>The transaction as a sound wallet answers it, with fields changed or, where the JSON is null, left out.</summary>
    public static byte[] Outcome(JsonElement transaction, params (string Field, string? Json)[] changes)
    {
        var answer = new Dictionary<string, string?>(StringComparer.Ordinal) { ["status"] = "\"done\"" };
        foreach (var field in new[] { "transaction_id", "player_id", "amount", "currency" })
        {
            answer[field] = transaction.GetProperty(field).GetRawText();
        }

        foreach (var (field, json) in changes)
        {
            answer[field] = json;
        }

        return Encoding.UTF8.GetBytes($"{{{string.Join(",", answer.Where(pair => pair.Value is not null).Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}");
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        JsonElement transaction;
        if (IsAway)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError);
        }

        if (request.Method == HttpMethod.Post)
        {
            transaction = JsonElement.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
            if (transaction.TryGetProperty("transactions", out var all))
            {
                return Batch([.. all.EnumerateArray()]);
            }

            Sent.Add(transaction);
            Apply(transaction);
        }
        else if (Forgets | !_applied.TryGetValue(request.RequestUri!.Segments[^1], out transaction))
        {
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        }

        var (status, body) = Answer?.Invoke(transaction) ?? (HttpStatusCode.OK, Outcome(transaction));
        return new HttpResponseMessage(status) { Content = new ByteArrayContent(body) };
    }

    /// <summary>All of them are applied before the first is answered.</summary>
    HttpResponseMessage Batch(JsonElement[] transactions)
    {
        lock (Batched)
        {
            Batched.Add(transactions.Length);
            Array.ForEach(transactions, Apply);
        }

        var answers = transactions.Where(one => !Omits(one)).Select(one => Encoding.UTF8.GetString(Answer?.Invoke(one).Body ?? Outcome(one)));
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($$"""{"transactions":[{{string.Join(',', answers)}}]}""") };
    }

    protected override void Dispose(bool disposing)
    {
        Metrics.Dispose();
        base.Dispose(disposing);
    }
}
