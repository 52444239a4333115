using System.Data.Common;
using Jackpot.Dapr.Client;
using Npgsql;

namespace Jackpot.Shard.Health;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: it can do its work, or why not.</summary>
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
        var reasons = new List<string>();
        if (!await AnswersAsync(database, deadline.Token))
        {
            reasons.Add("the database does not answer");
        }

        if (!await dapr.CheckHealthAsync(deadline.Token))
        {
            reasons.Add("the sidecar is not ready");
        }

        return reasons.Count == 0
            ? TypedResults.Text("ready")
            : TypedResults.Text(string.Join("; ", reasons), statusCode: StatusCodes.Status503ServiceUnavailable);
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
