using System.Text.Json;
using Npgsql;

namespace Jackpot.Bench.Baselines;

/// <summary>A web server to compare with: /noop parses the bet and stores nothing, /naive runs one transaction per bet.</summary>
static class BaselineServer
{
    internal static async Task RunAsync(string url, string connectionString)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 10, MaxPoolSize = 100, NoResetOnClose = true });
        await using var app = builder.Build();
        app.MapPost("/noop", (RequestDelegate)(async http =>
        {
            using var bet = await JsonDocument.ParseAsync(http.Request.Body);
            await AnswerAsync(http, bet);
        }));
        app.MapPost("/naive", (RequestDelegate)(async http =>
        {
            using var bet = await JsonDocument.ParseAsync(http.Request.Body);
            await StoreAsync(database);
            await AnswerAsync(http, bet);
        }));
        await app.RunAsync();
    }

    static async Task StoreAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand("INSERT INTO contribution (idem, pool_id, amount, bet_id, player) VALUES ($1, 1, 20000, 1, 17)", connection, transaction);
        insert.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.NewGuid() });
        await insert.ExecuteNonQueryAsync();
        await using var update = new NpgsqlCommand("UPDATE pool SET balance = balance + 20000, n = n + 1 WHERE id = 1", connection, transaction);
        await update.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    static Task AnswerAsync(HttpContext http, JsonDocument bet)
    {
        http.Response.ContentType = "application/json";
        var text = $$"""{"jp_contrib_id":"{{bet.RootElement.GetProperty("jp_contrib_id").GetString()}}","status":"accepted"}""";
        http.Response.ContentLength = text.Length;
        return http.Response.WriteAsync(text);
    }
}
