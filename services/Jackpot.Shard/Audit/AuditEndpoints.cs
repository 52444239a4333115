using Jackpot.Core.Ids;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Jackpots;
using Jackpot.Regulator.Exports;
using Jackpot.Shard.Archive;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Audit;

/// <summary>What a regulator or lab reads on the shard's own address: exports to verify offline.</summary>
internal sealed class AuditEndpoints(JackpotDirectory directory, CycleExportReader exports)
{
    const string JsonLines = "application/x-ndjson";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<AuditEndpoints>();
        routes.MapGet("/v1/audit/pools/{poolId}/cycles/{cycle:long}/export", (RequestDelegate)endpoints.ExportAsync);
    }

    async Task ExportAsync(HttpContext http)
    {
        var cycle = long.Parse((string)http.Request.RouteValues["cycle"]!, System.Globalization.CultureInfo.InvariantCulture);
        if (PoolId.TryParse(http.Request.RouteValues["poolId"] as string, out var pool))
        {
            await directory.ReloadIfStaleAsync(http.RequestAborted);
            http.Response.ContentType = JsonLines;
            try
            {
                if (directory.ByPool(pool.Value) is { } jackpot
                    && await exports.WriteAsync(jackpot, pool, cycle, http.Response.BodyWriter.AsStream(), http.RequestAborted))
                {
                    return;
                }
            }
            catch (ArchivedRowsException archived)
            {
                await archived.AnswerAsync(http);
                return;
            }
        }

        await Problem.WriteAsync(http, Refusal.NotFound, "no cycle of that pool and number has dropped; a running cycle cannot be exported");
    }
}
