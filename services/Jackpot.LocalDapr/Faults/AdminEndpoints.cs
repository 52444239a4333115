using System.Text.Json;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Faults;

/// <summary>The fault switches over HTTP, on the admin port only (README.md of this folder).</summary>
static class AdminEndpoints
{
    public static void MapFaults(this IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/faults", OnAdminPort(http => WriteAsync(http, 200, JsonSerializer.SerializeToUtf8Bytes(node.Faults.All, FaultJson.Default.FaultRuleArray))));
        routes.MapPost("/faults", OnAdminPort(http => AddAsync(http, node.Faults)));
        routes.MapDelete("/faults", OnAdminPort(http =>
        {
            node.Faults.Clear();
            return EndAsync(http, 204);
        }));
        routes.MapDelete("/faults/{id:int}", OnAdminPort(http =>
            EndAsync(http, node.Faults.Remove(int.Parse((string)http.Request.RouteValues["id"]!, System.Globalization.CultureInfo.InvariantCulture)) ? 204 : 404)));
    }

    /// <summary>On a sidecar's port there is no such route.</summary>
    static RequestDelegate OnAdminPort(RequestDelegate handle) => http => http.Features.Get<Sidecar>() is null ? handle(http) : EndAsync(http, 404);

    static async Task AddAsync(HttpContext http, FaultSwitches faults)
    {
        try
        {
            var rule = await JsonSerializer.DeserializeAsync(http.Request.Body, FaultJson.Default.FaultRule, http.RequestAborted);
            if (rule is not { Probability: >= 0 and <= 1, DelayMs: >= 0 and <= 60_000 })
            {
                await WriteAsync(http, 400, "{\"message\":\"probability is between 0 and 1, delayMs between 0 and 60000\"}"u8.ToArray());
                return;
            }
            await WriteAsync(http, 201, JsonSerializer.SerializeToUtf8Bytes(faults.Add(rule), FaultJson.Default.FaultRule));
        }
        catch (Exception refused) when (refused is JsonException or InvalidOperationException)
        {
            await WriteAsync(http, 400, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["message"] = refused.Message }));
        }
    }

    static Task EndAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    static async Task WriteAsync(HttpContext http, int status, byte[] json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }
}
