using System.Data.Common;
using Jackpot.Dapr.Client;
using Npgsql;

namespace Jackpot.Shard.Health;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: it can take bets, and what is away, or why it cannot.</summary>
internal static class HealthEndpoints
{
    static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("ok"));
        routes.MapGet("/readyz", ReadyAsync);
    }

    static async Task<IResult> ReadyAsync(NpgsqlDataSource database, DaprClient dapr, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(ProbeTimeout);
        if (!await AnswersAsync(database, deadline.Token))
        {
            return TypedResults.Text("the database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        // Bets are taken without the sidecar; events, payouts and jobs wait for it.
        return TypedResults.Text(await dapr.CheckHealthAsync(deadline.Token) ? "ready" : "ready; away: the sidecar");
    }

    static async Task<bool> AnswersAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteNonQueryAsync(ct);
            return true;
        }
        catch (Exception e) when (e is DbException or OperationCanceledException)
        {
            return false;
        }
    }
}
