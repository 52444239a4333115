using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Contracts.Views;
using Jackpot.Ledger.Parking;
using Jackpot.Shard.Admin;
using Jackpot.Shard.OpenApi;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Requests;
using Npgsql;

namespace Jackpot.Shard.Parking;

/// <summary>Where staff look at rows that a background loop could not handle, and have them tried again or given up: by name, with a reason.</summary>
internal sealed class ParkedRowEndpoints(NpgsqlDataSource database, ParkingRelease release)
{
    const int RowsMax = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<ParkedRowEndpoints>();
        routes.MapDocumentedGet<ParkedRowList>(
            "/v1/admin/parked-rows", endpoints.ListAsync, $"Parked rows, oldest first, at most {RowsMax}: of 'source', after id 'after'");
        routes.MapAdminPost<WhyBody>("/v1/admin/parked-rows/{id:long}/release", http => endpoints.StepAsync(http, ParkingStep.Release), "Tries a parked row again, in its place")
            .Produces(StatusCodes.Status204NoContent);
        routes.MapAdminPost<WhyBody>("/v1/admin/parked-rows/{id:long}/discard", http => endpoints.StepAsync(http, ParkingStep.Discard), "Gives a parked row up; what waited for it goes on")
            .Produces(StatusCodes.Status204NoContent);
    }

    async Task ListAsync(HttpContext http)
    {
        var (source, text) = (http.Request.Query["source"].FirstOrDefault(), http.Request.Query["after"].FirstOrDefault() ?? "0");
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after))
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, "'after' must be the id of a parked row");
            return;
        }

        if (source?.Contains('\0', StringComparison.Ordinal) == true)
        {
            await Problem.WriteAsync(http, Refusal.FieldInvalid, "'source' is the word in a parked row's 'source'");
            return;
        }

        await using var connection = await database.OpenConnectionAsync(http.RequestAborted);
        var rows = await ParkedRows.ListAsync(connection, source, after, RowsMax, http.RequestAborted);
        await JsonBody.WriteAsync(http, new ParkedRowList(rows), ParkingJson.Default.ParkedRowList);
    }

    async Task StepAsync(HttpContext http, ParkingStep step)
    {
        if (await StaffUser.OfAsync(http) is not { } staffUser || await AdminRequests.WhyOfBodyAsync(http) is not { } why)
        {
            return;
        }

        var id = long.Parse(AdminRequests.Route(http, "id"), CultureInfo.InvariantCulture);
        if (await AdminRequests.TakenAsync(http, await release.StepAsync(id, step, staffUser, why, http.RequestAborted)))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }
}

internal sealed record ParkedRowList(IReadOnlyList<ParkedRow> Rows);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ParkedRowList))]
internal sealed partial class ParkingJson : JsonSerializerContext;
