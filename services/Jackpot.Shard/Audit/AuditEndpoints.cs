using Jackpot.Core.Ids;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Problems;
using Npgsql;

namespace Jackpot.Shard.Audit;

/// <summary>What a regulator or lab reads on the shard's own address: exports to verify offline, and the balance of every pool.</summary>
internal sealed class AuditEndpoints(JackpotDirectory directory, CycleExportReader exports, NpgsqlDataSource database)
{
    const string JsonLines = "application/x-ndjson";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var doors = routes.ServiceProvider.GetRequiredService<AuditEndpoints>();
        routes.MapGet("/v1/audit/pools/{poolId}/cycles/{cycle:long}/export", (RequestDelegate)doors.ExportAsync);
        routes.MapGet("/v1/audit/balancing", (RequestDelegate)doors.BalancingAsync);
    }

    async Task ExportAsync(HttpContext http)
    {
        var cycle = long.Parse((string)http.Request.RouteValues["cycle"]!, System.Globalization.CultureInfo.InvariantCulture);
        if (PoolId.TryParse(http.Request.RouteValues["poolId"] as string, out var pool))
        {
            await directory.ReloadIfStaleAsync(http.RequestAborted);
            http.Response.ContentType = JsonLines;
            if (directory.ByPool(pool.Value) is { } jackpot
                && await exports.WriteAsync(jackpot, pool, cycle, http.Response.BodyWriter.AsStream(), http.RequestAborted))
            {
                return;
            }
        }

        await Problem.WriteAsync(http, Refusal.NotFound, "no cycle of that pool and number has dropped; a running cycle cannot be exported");
    }

    /// <summary>200 when every pool balances to the micro-unit, 409 with the differences otherwise. Amounts are micro-units.</summary>
    async Task BalancingAsync(HttpContext http)
    {
        await using var command = database.CreateCommand("""
            SELECT coalesce(json_agg(b ORDER BY pool_id), '[]')::text,
                   coalesce(bool_and(difference = 0 AND increment_difference = 0 AND seed_difference = 0
                                     AND reserve_difference = 0 AND overflow_difference = 0), true)
            FROM balancing b
            """);
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        await reader.ReadAsync(http.RequestAborted);
        http.Response.StatusCode = reader.GetBoolean(1) ? StatusCodes.Status200OK : StatusCodes.Status409Conflict;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(reader.GetString(0), http.RequestAborted);
    }
}
