using Jackpot.Wallet.Storage;
using Jackpot.Wallet.Transactions;
using Npgsql;

namespace Jackpot.Wallet.Health;

static class HealthEndpoints
{
    internal static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => TypedResults.Text("ok"));
        app.MapGet("/readyz", ReadyAsync);
        app.MapGet("/metrics", (TransactionCounters counters) => TypedResults.Text(counters.ToPrometheusText(), "text/plain; version=0.0.4"));
    }

    static async Task<IResult> ReadyAsync(WalletSchema schema, NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (!schema.IsApplied)
        {
            return TypedResults.Text("the tables are not there yet", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellation);
            return TypedResults.Text("ready");
        }
        catch (NpgsqlException error)
        {
            return TypedResults.Text($"the database does not answer: {error.Message}", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
