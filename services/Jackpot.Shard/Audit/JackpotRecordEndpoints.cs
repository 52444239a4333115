using System.Text.Json;
using Jackpot.Ledger.Jackpots;
using Jackpot.Regulator.Records;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Audit;

/// <summary>The endpoint of the records.</summary>
internal sealed class JackpotRecordEndpoints(JackpotDirectory directory, JackpotRecordReader records)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<JackpotRecordEndpoints>();
        routes.MapDocumentedGet<JackpotRecord>("/v1/audit/jackpots/{jackpotId}", endpoints.ReadAsync, "Everything that reconciling a jackpot needs: terms, times, status, meters");
    }

    async Task ReadAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        await directory.ReloadIfStaleAsync(ct);
        if (directory.ByJackpot(http.Request.RouteValues["jackpotId"] as string ?? "") is not { } entry)
        {
            await Problem.WriteAsync(http, Refusal.NotFound, "no jackpot of that id lives on this shard");
            return;
        }

        var record = await records.ReadAsync(entry, ct);
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.Body, record, RecordJson.Default.JackpotRecord, ct);
    }
}
