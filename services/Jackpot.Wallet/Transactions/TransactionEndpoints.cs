using System.Text.Json;
using Jackpot.Wallet.Faults;
using Jackpot.Wallets.Mapping;

namespace Jackpot.Wallet.Transactions;

/// <summary>The operator's wallet as platforms call it: apply once per id, ask by id, read balance and list.</summary>
static class TransactionEndpoints
{
    const int ListLimitMax = 1_000;
    const int BatchMax = 100;
    const long BodyBytesMax = 256 * 1024;
    static readonly string[] DefaultCurrencies = ["EUR", "USD", "GBP", "SEK", "JPY", "NOK", "DKK", "CHF", "CAD"];

    internal static void AddTransactions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TransactionStore>().AddSingleton<TransactionBook>();
        builder.Services.AddSingleton<TransactionCounters>();
        var currencies = builder.Configuration["Wallet:Currencies"]?.Split(',', StringSplitOptions.TrimEntries) ?? DefaultCurrencies;
        builder.Services.AddSingleton(new WalletCurrencies(currencies.ToHashSet()));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, TransactionJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(Players.PlayerJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Add(Players.SessionJson.Default);
        });
        builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = BodyBytesMax);
    }

    internal static void MapTransactions(this IEndpointRouteBuilder app)
    {
        app.MapPost("/wallet/transaction", ApplyAsync);
        app.MapPost("/wallet/transaction/batch", ApplyBatchAsync);
        app.MapPost("/wallet/cancel", CancelAsync);
        app.MapPost("/wallet/cancel/batch", CancelBatchAsync);
        app.MapGet("/openapi/v1.json", () => TypedResults.Text(WalletMapping.StandardOpenApi, "application/json"));
        app.MapGet("/wallet/transaction/{id}", FindAsync);
        // For ids that cannot be said in a path.
        app.MapGet("/wallet/transaction", ([Microsoft.AspNetCore.Mvc.FromQuery(Name = "transaction_id")] string id, TransactionBook book, FaultPlan faults, HttpContext http) =>
            FindAsync(id, book, faults, http));
        app.MapGet("/wallet/transactions", ListAsync);
        app.MapGet("/wallet/balance", BalanceAsync);
    }

    static async Task<IResult> ApplyAsync(
        TransactionRequest request, TransactionBook book, FaultPlan faults, TransactionCounters counters, HttpContext http)
    {
        var (transaction, errors) = ValidTransaction.Check(request);
        if (transaction is null)
        {
            return Problem(StatusCodes.Status400BadRequest, "invalid-transaction", string.Join(' ', errors));
        }

        var fault = transaction.Type == "Credit" ? faults.TakeNext(FaultyCalls.Credits) : null;
        switch (fault is null ? FaultStep.GoOn : await fault.BeforeEffectAsync(http))
        {
            case FaultStep.NoAnswer:
                return new LostAnswer();
            case FaultStep.NoEffect:
                return fault!.InPlaceOf(TransactionBook.NotDone(transaction, "refused", null))!;
        }

        var applied = await book.ApplyAsync(transaction, fault?.Refusal);
        counters.Count(applied.Status);
        return await ToldAsync(applied, fault, http);
    }

    static async Task<IResult> ToldAsync(TransactionAnswer answer, Fault? fault, HttpContext http) =>
        fault is not null && await fault.AfterEffectAsync(http) is FaultStep.NoAnswer ? new LostAnswer() : fault?.InPlaceOf(answer) ?? Outcome(answer);

    /// <summary>Each for itself; one that is refused stops no other.</summary>
    static async Task<IResult> ApplyBatchAsync(TransactionBatch request, TransactionBook book, TransactionCounters counters, WalletFlaws flaws)
    {
        if (ReadBatch(request) is not (var transactions, null))
        {
            return Problem(StatusCodes.Status400BadRequest, "invalid-batch", ReadBatch(request).Fault!);
        }

        var answers = new List<TransactionAnswer>();
        if (flaws.Has(Flaw.RefusesWholeBatches) && await book.WouldRefuseAnyAsync(transactions))
        {
            return Batch(request, [.. transactions.Select(one => TransactionBook.NotDone(one, "refused", "batch_refused"))]);
        }

        foreach (var transaction in transactions)
        {
            var applied = await book.ApplyAsync(transaction, null, inBatch: true);
            counters.Count(applied.Status);
            answers.Add(applied);
        }

        return Batch(request, answers);
    }

    static async Task<IResult> CancelAsync(TransactionRequest request, TransactionBook book)
    {
        var (transaction, errors) = ValidTransaction.Check(request);
        return transaction is null
            ? Problem(StatusCodes.Status400BadRequest, "invalid-transaction", string.Join(' ', errors))
            : Outcome(await book.CancelAsync(transaction));
    }

    static async Task<IResult> CancelBatchAsync(TransactionBatch request, TransactionBook book)
    {
        if (ReadBatch(request) is not (var transactions, null))
        {
            return Problem(StatusCodes.Status400BadRequest, "invalid-batch", ReadBatch(request).Fault!);
        }

        var answers = new List<TransactionAnswer>();
        foreach (var transaction in transactions)
        {
            answers.Add(await book.CancelAsync(transaction));
        }

        return Batch(request, answers);
    }

    static (IReadOnlyList<ValidTransaction> Transactions, string? Fault) ReadBatch(TransactionBatch batch)
    {
        if (batch.BatchId is not { Length: > 0 and <= 200 } || batch.Transactions is not { Count: > 0 and <= BatchMax })
        {
            return ([], $"a batch has a batch_id of 1 to 200 characters and 1 to {BatchMax} transactions.");
        }

        var read = new List<ValidTransaction>();
        foreach (var one in batch.Transactions)
        {
            var (transaction, faults) = one is null ? (null, ["a transaction is null."]) : ValidTransaction.Check(one);
            if (transaction is null)
            {
                return ([], string.Join(' ', faults));
            }

            read.Add(transaction);
        }

        return (read, null);
    }

    static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<BatchAnswer> Batch(TransactionBatch request, IReadOnlyList<TransactionAnswer> answers) =>
        TypedResults.Json(new BatchAnswer(request.BatchId!, answers), TransactionJson.Default.BatchAnswer);

    static IResult Outcome(TransactionAnswer answer) => answer.Status switch
    {
        TransactionBook.Conflict => Problem(
            StatusCodes.Status409Conflict, "transaction-id-reused", $"transaction_id {answer.TransactionId} was used before with another body. Use a new id for a new transaction."),
        "refused" => TypedResults.Json(answer, TransactionJson.Default.TransactionAnswer, statusCode: StatusCodes.Status422UnprocessableEntity),
        _ => TypedResults.Json(answer, TransactionJson.Default.TransactionAnswer),
    };

    static async Task<IResult> FindAsync(string id, TransactionBook book, FaultPlan faults, HttpContext http)
    {
        var fault = faults.TakeNext(FaultyCalls.Queries);
        if (fault is not null && await fault.BeforeEffectAsync(http) is FaultStep.NoAnswer)
        {
            return new LostAnswer();
        }

        if (await book.FindAsync(id, http.RequestAborted) is not { } found)
        {
            return Problem(StatusCodes.Status404NotFound, "unknown-transaction", $"No transaction {id} was ever applied here.");
        }

        // What was found is told as it stands, whatever came of it: only a credit's own answer has the status of its outcome.
        return fault is not null && await fault.AfterEffectAsync(http) is FaultStep.NoAnswer
            ? new LostAnswer()
            : fault?.InPlaceOf(found) ?? TypedResults.Json(found, TransactionJson.Default.TransactionAnswer);
    }

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

    static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Problem(int status, string reason, string detail) =>
        TypedResults.Problem(statusCode: status, type: $"urn:jackpot:problem:{reason}", detail: detail);
}

/// <summary>The currencies that this operator keeps balances in.</summary>
sealed record WalletCurrencies(IReadOnlySet<string> Known);
