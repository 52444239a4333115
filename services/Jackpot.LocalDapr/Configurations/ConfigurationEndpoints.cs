using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Sidecars;
using Npgsql;
using static Jackpot.LocalDapr.Sidecars.SidecarRoutes;

namespace Jackpot.LocalDapr.Configurations;

/// <summary>Reading configuration.</summary>
static class ConfigurationEndpoints
{
    public static void MapConfiguration(this IEndpointRouteBuilder routes)
    {
        routes.MapDapr(Get, "/v1.0/configuration/{store}", ReadAsync);
        routes.MapDapr(Get, "/v1.0-alpha1/configuration/{store}", ReadAsync);
    }

    static async Task ReadAsync(HttpContext http, Sidecar sidecar)
    {
        var name = http.Segment("store");
        if (!sidecar.Components.Configurations.TryGetValue(name, out var store))
        {
            var isNone = sidecar.Components.Configurations.Count == 0;
            await http.Error(isNone ? 500 : 400, isNone ? "ERR_CONFIGURATION_STORE_NOT_CONFIGURED" : "ERR_CONFIGURATION_STORE_NOT_FOUND", $"configuration store {name} is not there");
            return;
        }
        try
        {
            var items = await store.ReadAsync([.. http.Request.Query["key"].OfType<string>()], http.RequestAborted);
            await http.Json(200, writer =>
            {
                writer.WriteStartObject();
                foreach (var item in items)
                {
                    writer.WriteStartObject(item.Key);
                    writer.WriteString("value", item.Value);
                    writer.WriteString("version", item.Version);
                    writer.WriteEndObject();
                }
                writer.WriteEndObject();
            });
        }
        catch (NpgsqlException failed)
        {
            await http.Error(500, "ERR_CONFIGURATION_GET", $"failed to get configuration from {name}: {failed.Message}");
        }
    }
}
