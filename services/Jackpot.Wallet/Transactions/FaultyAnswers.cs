using System.Text.Json;
using Jackpot.Wallet.Faults;

namespace Jackpot.Wallet.Transactions;

/// <summary>What a wallet that is made to fail says in place of what is so.</summary>
static class FaultyAnswers
{
    /// <summary>Null where the truth is told.</summary>
    internal static IResult? InPlaceOf(this Fault fault, TransactionAnswer answer) => fault.Kind switch
    {
        FaultKind.ErrorBeforeEffect or FaultKind.ErrorAfterEffect => Problem(StatusCodes.Status500InternalServerError, "hides"),
        FaultKind.DeniesAll => Problem(StatusCodes.Status404NotFound, "denies"),
        FaultKind.AnswerAboutAnother => TypedResults.Text(Json(answer with { PlayerId = "another" }), "application/json"),
        FaultKind.AnswerWithAnotherAmount => TypedResults.Text(Json(answer with { Amount = answer.Amount + 1 }), "application/json"),
        FaultKind.AnswerTwice => TypedResults.Text(Json(answer) + Json(answer), "application/json"),
        FaultKind.ErrorInOk => TypedResults.Text("""{"error":"internal","code":17}""", "application/json"),
        FaultKind.HtmlPage => TypedResults.Text("<html><body><h1>It works!</h1></body></html>", "text/html"),
        _ => null,
    };

    static string Json(TransactionAnswer answer) => JsonSerializer.Serialize(answer, TransactionJson.Default.TransactionAnswer);

    static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Problem(int status, string does) =>
        TypedResults.Problem(statusCode: status, type: "urn:jackpot:problem:fault", detail: $"A fault was asked for: this answer {does} what was done.");
}
