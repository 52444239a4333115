using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Storage;
using Jackpot.Regulator.Replay;
using Jackpot.Shard.Archive;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Requests;
using Npgsql;

namespace Jackpot.Shard.Audit;

/// <summary>The endpoint of the replay. Its answer is JSON lines, because it can take minutes: progress, and the report as the last line.</summary>
internal sealed class ReplayEndpoints(JackpotDirectory directory, JackpotReplayer replayer, ArchivedRows archive, NpgsqlDataSource database, ShardOptions shard)
{
    const string JsonLines = "application/x-ndjson";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<ReplayEndpoints>();
        routes.MapGet("/v1/audit/jackpots/{jackpotId}/replay", (RequestDelegate)endpoints.ReplayAsync);
    }

    async Task ReplayAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        await directory.ReloadIfStaleAsync(ct);
        if (directory.ByJackpot(http.Request.RouteValues["jackpotId"] as string ?? "") is not { } jackpot)
        {
            await Problem.WriteAsync(http, Refusal.NotFound, "no jackpot of that id lives on this shard");
            return;
        }

        var to = long.MaxValue;
        if (http.Request.Query["to"].FirstOrDefault() is { } text
            && (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out to) || to < 1))
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, "'to' is a sequence: a whole number from 1");
            return;
        }

        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await archive.RequireAsync(connection, jackpot.Number, 0, to, ct);
        }
        catch (ArchivedRowsException archived)
        {
            await archived.AnswerAsync(http);
            return;
        }

        http.Response.ContentType = JsonLines;
        var reached = 0L;
        try
        {
            var report = await replayer.RunAsync(jackpot, to, done => WriteLineAsync(http, new ReplayLine(reached = done, null), ct), ct);
            await WriteLineAsync(http, new ReplayLine(report.ToSequence, report), ct);
        }
        catch (Exception fault) when (LongRead.TimedOut(fault) && http.Response.HasStarted)
        {
            // The status is gone; the last line says what became of it.
            await WriteLineAsync(http, new ReplayLine(reached, null, LongReadEndpoints.Detail(shard.LongReadMax)), CancellationToken.None);
        }
    }

    static async Task WriteLineAsync(HttpContext http, ReplayLine line, CancellationToken ct)
    {
        await JsonSerializer.SerializeAsync(http.Response.Body, line, ReplayJson.Default.ReplayLine, ct);
        await http.Response.Body.WriteAsync("\n"u8.ToArray(), ct);
        await http.Response.Body.FlushAsync(ct);
    }
}

/// <summary>How far it is, and, at the end, what came out.</summary>
/// <param name="Done">The last contribution that was replayed.</param>
/// <param name="Report">On the last line.</param>
/// <param name="TimedOut">On the last line in place of the report: the replay got no further.</param>
internal sealed record ReplayLine(long Done, ReplayReport? Report, string? TimedOut = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(MoneyJsonConverter)])]
[JsonSerializable(typeof(ReplayLine))]
internal sealed partial class ReplayJson : JsonSerializerContext;
