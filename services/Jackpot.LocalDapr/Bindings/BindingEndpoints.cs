using System.Text;
using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Sidecars;
using static Jackpot.LocalDapr.Sidecars.SidecarRoutes;

namespace Jackpot.LocalDapr.Bindings;

/// <summary>Output bindings.</summary>
static class BindingEndpoints
{
    public static void MapBindings(this IEndpointRouteBuilder routes) => routes.MapDapr(PostPut, "/v1.0/bindings/{name}", InvokeAsync);

    static async Task InvokeAsync(HttpContext http, Sidecar sidecar)
    {
        var name = http.Segment("name");
        if (!sidecar.Components.Bindings.TryGetValue(name, out var binding))
        {
            await http.Error(500, "ERR_INVOKE_OUTPUT_BINDING", $"error invoking output binding {name}: couldn't find output binding {name}");
            return;
        }
        try
        {
            var request = await ReadAsync(http);
            var response = await sidecar.Policies.OutboundOf(name, "Bindings").RunAsync(token => binding.InvokeAsync(request, token), http.RequestAborted);
            foreach (var (key, value) in response.Metadata)
            {
                http.Response.Headers["metadata." + key] = value;
            }
            if (response.Data.Length == 0)
            {
                await http.NoContent();
                return;
            }
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = response.Data.Length;
            await http.Response.Body.WriteAsync(response.Data, http.RequestAborted);
        }
        catch (JsonException unreadable)
        {
            await http.Error(400, "ERR_MALFORMED_REQUEST", $"failed deserializing HTTP body: {unreadable.Message}");
        }
        catch (Exception failed) when (failed is BindingException or IOException)
        {
            await http.Error(500, "ERR_INVOKE_OUTPUT_BINDING", $"error invoking output binding {name}: {failed.Message}");
        }
    }

    static async Task<BindingRequest> ReadAsync(HttpContext http)
    {
        using var document = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("the body must be a JSON object");
        }
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.TryGetProperty("metadata", out var given) && given.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in given.EnumerateObject())
            {
                metadata[field.Name] = field.Value.ToString();
            }
        }
        return new BindingRequest(
            root.TryGetProperty("operation", out var operation) ? operation.ToString() : "",
            root.TryGetProperty("data", out var data) && data.ValueKind != JsonValueKind.Null ? Encoding.UTF8.GetBytes(data.GetRawText()) : [],
            metadata);
    }
}
