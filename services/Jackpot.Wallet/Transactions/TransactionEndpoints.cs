using System.Text.Json;
using Jackpot.Wallet.Faults;

namespace Jackpot.Wallet.Transactions;

/// <summary>The operator's wallet as platforms call it: apply once per id, ask by id, read balance and list.</summary>
static class TransactionEndpoints
{
    const int ListLimitMax = 1_000;
    const long BodyBytesMax = 16 * 1024;
    static readonly string[] DefaultCurrencies = ["EUR", "USD", "GBP", "SEK", "JPY", "NOK", "DKK", "CHF", "CAD"];

    internal static void AddTransactions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TransactionStore>();
        builder.Services.AddSingleton<TransactionCounters>();
        var currencies = builder.Configuration["Wallet:Currencies"]?.Split(',', StringSplitOptions.TrimEntries) ?? DefaultCurrencies;
        builder.Services.AddSingleton(new WalletCurrencies(currencies.ToHashSet()));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, TransactionJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(Players.PlayerJson.Default);
        });
        builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = BodyBytesMax);
    }

    internal static void MapTransactions(this IEndpointRouteBuilder app)
    {
        app.MapPost("/wallet/transaction", ApplyAsync);
        app.MapGet("/wallet/transaction/{id}", FindAsync);
        // For ids that cannot be said in a path.
        app.MapGet("/wallet/transaction", ([Microsoft.AspNetCore.Mvc.FromQuery(Name = "transaction_id")] string id, TransactionStore book, CancellationToken cancellation) =>
            FindAsync(id, book, cancellation));
        app.MapGet("/wallet/transactions", ListAsync);
        app.MapGet("/wallet/balance", BalanceAsync);
    }

    static async Task<IResult> ApplyAsync(
        TransactionRequest request, TransactionStore book, FaultPlan faults, WalletCurrencies currencies, TransactionCounters counters, HttpContext http)
    {
        var (transaction, errors) = ValidTransaction.Check(request);
        if (transaction is null)
        {
            return Problem(StatusCodes.Status400BadRequest, "invalid-transaction", string.Join(' ', errors));
        }

        var fault = transaction.Type == "Credit" ? faults.TakeNext() : null;
        if (fault is not null && await fault.BeforeEffectAsync(http) is FaultStep.NoEffect)
        {
            return new LostAnswer();
        }

        // The effect no longer depends on whether the caller still listens: that is what a real wallet does, too.
        var refusal = currencies.Known.Contains(transaction.Currency) ? fault?.Refusal : "unknown_currency";
        var (stored, sameBody) = await book.ApplyAsync(transaction, refusal, CancellationToken.None);

        if (fault is not null && await fault.AfterEffectAsync(http) is FaultStep.NoAnswer)
        {
            return new LostAnswer();
        }
        if (fault?.AnswersServerError == true)
        {
            return Problem(StatusCodes.Status500InternalServerError, "fault", "A fault was asked for: the transaction was applied and this answer hides it.");
        }
        if (!sameBody)
        {
            counters.CountConflict();
            return Problem(StatusCodes.Status409Conflict, "transaction-id-reused", $"transaction_id {transaction.Id} was used before with another body. Use a new id for a new transaction.");
        }
        counters.Count(stored.Status);
        var answer = fault?.AnswersAboutAnother == true ? Answer(stored) with { PlayerId = "another" } : Answer(stored);
        return TypedResults.Json(answer, TransactionJson.Default.TransactionAnswer, statusCode: stored.Status == "done" ? 200 : 422);
    }

    static async Task<IResult> FindAsync(string id, TransactionStore book, CancellationToken cancellation) =>
        await book.FindAsync(id, cancellation) is { } stored
            ? TypedResults.Json(Answer(stored), TransactionJson.Default.TransactionAnswer)
            : Problem(StatusCodes.Status404NotFound, "unknown-transaction", $"No transaction {id} was ever applied here.");

    static async Task<IResult> ListAsync(TransactionStore book, CancellationToken cancellation, long after = 0, int limit = 100)
    {
        var items = await book.ListAsync(after, Math.Clamp(limit, 1, ListLimitMax), cancellation);
        return TypedResults.Json(new TransactionList(items, items.Count > 0 ? items[^1].Position : after), TransactionJson.Default.TransactionList);
    }

    static async Task<IResult> BalanceAsync(
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "tenant_id")] string tenantId,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "player_id")] string playerId,
        string currency, TransactionStore book, CancellationToken cancellation)
    {
        var micros = await book.BalanceMicrosAsync(tenantId, playerId, currency, cancellation);
        return TypedResults.Json(new BalanceAnswer(tenantId, playerId, currency, MicroAmount.FromMicros(micros)), TransactionJson.Default.BalanceAnswer);
    }

    static TransactionAnswer Answer(TransactionListItem stored) =>
        new(stored.TransactionId, stored.Status, stored.Reason, stored.PlayerId, stored.Amount, stored.Currency, stored.Balance);

    static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Problem(int status, string reason, string detail) =>
        TypedResults.Problem(statusCode: status, type: $"urn:jackpot:problem:{reason}", detail: detail);
}

/// <summary>The currencies that this operator keeps balances in.</summary>
sealed record WalletCurrencies(IReadOnlySet<string> Known);
