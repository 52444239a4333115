using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.PubSub;
using Jackpot.LocalDapr.Sidecars;
using static Jackpot.LocalDapr.Sidecars.SidecarRoutes;

namespace Jackpot.LocalDapr.State;

/// <summary>The state API.</summary>
static class StateEndpoints
{
    public static void MapState(this IEndpointRouteBuilder routes)
    {
        routes.MapDapr(Get, "/v1.0/state/{store}/{key}", (http, sidecar) => Guard(http, sidecar, "ERR_STATE_GET", GetAsync));
        routes.MapDapr(Delete, "/v1.0/state/{store}/{key}", (http, sidecar) => Guard(http, sidecar, "ERR_STATE_DELETE", DeleteAsync));
        routes.MapDapr(PostPut, "/v1.0/state/{store}", (http, sidecar) => Guard(http, sidecar, "ERR_STATE_SAVE", SaveAsync));
        routes.MapDapr(PostPut, "/v1.0/state/{store}/bulk", (http, sidecar) => Guard(http, sidecar, "ERR_STATE_BULK_GET", BulkGetAsync));
        routes.MapDapr(PostPut, "/v1.0/state/{store}/transaction", (http, sidecar) => Guard(http, sidecar, "ERR_STATE_TRANSACTION", TransactAsync));
    }

    static async Task Guard(HttpContext http, Sidecar sidecar, string code, Func<HttpContext, StateStoreEntry, Task> handle)
    {
        var name = http.Segment("store");
        if (sidecar.Components.StateStores.Count == 0)
        {
            await http.Error(500, "ERR_STATE_STORE_NOT_CONFIGURED", $"state store {name} is not configured", "DAPR_STATE_NOT_CONFIGURED");
            return;
        }
        if (!sidecar.Components.StateStores.TryGetValue(name, out var store))
        {
            await http.Error(400, "ERR_STATE_STORE_NOT_FOUND", $"state store {name} is not found", "DAPR_STATE_NOT_FOUND");
            return;
        }
        try
        {
            await sidecar.Policies.OutboundOf(name, "Statestore").RunAsync(async _ => await handle(http, store), http.RequestAborted);
        }
        catch (Exception refused) when (refused is StateRequestException or JsonException)
        {
            await http.Error(400, "ERR_MALFORMED_REQUEST", $"failed deserializing HTTP body: {refused.Message}");
        }
        catch (StateConflictException conflict) when (code != "ERR_STATE_TRANSACTION" && conflict.Conflict != StateConflict.AlreadyThere)
        {
            await http.Error(conflict.Conflict == StateConflict.ETagMismatch ? 409 : 400, code, conflict.Message, "DAPR_STATE_ETAG_MISMATCH");
        }
        catch (Exception failed) when (failed is StateConflictException or Npgsql.NpgsqlException or TimeoutException)
        {
            await http.Error(500, code, $"failed on state store {name}: {failed.Message}");
        }
    }

    static async Task GetAsync(HttpContext http, StateStoreEntry store)
    {
        var key = CheckedKey(http);
        if (await store.Store.GetAsync(store.FullKey(key), http.RequestAborted) is not { } item)
        {
            await http.NoContent();
            return;
        }
        http.Response.ContentType = "application/json";
        http.Response.Headers.ETag = item.ETag;
        if (item.ExpiresAt is { } expires)
        {
            http.Response.Headers["metadata.ttlExpireTime"] = expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        }
        http.Response.ContentLength = item.Value.Length;
        await http.Response.Body.WriteAsync(item.Value, http.RequestAborted);
    }

    static async Task DeleteAsync(HttpContext http, StateStoreEntry store)
    {
        var key = CheckedKey(http);
        var etag = http.Request.Headers.IfMatch.ToString();
        await store.Store.WriteAsync([new StateOperation(store.FullKey(key), null, etag.Length > 0 ? etag : null)], http.RequestAborted);
        await http.NoContent();
    }

    static async Task SaveAsync(HttpContext http, StateStoreEntry store)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
        if (body.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new StateRequestException("the body must be an array of entries");
        }
        await store.Store.WriteAsync([.. body.RootElement.EnumerateArray().Select(entry => StateRequests.Upsert(entry, store))], http.RequestAborted);
        await http.NoContent();
    }

    static async Task BulkGetAsync(HttpContext http, StateStoreEntry store)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
        string[] keys = body.RootElement.TryGetProperty("keys", out var list) ? [.. list.EnumerateArray().Select(key => key.GetString() ?? "")] : [];
        if (keys.FirstOrDefault(StateStoreEntry.IsRefusedKey) is { } refused)
        {
            throw new StateRequestException($"input key/keyPrefix '{refused}' can't contain '||'");
        }
        var items = await store.Store.GetManyAsync([.. keys.Select(store.FullKey)], http.RequestAborted);
        await http.Json(200, writer => WriteItems(writer, keys, items));
    }

    static void WriteItems(Utf8JsonWriter writer, string[] keys, StateItem?[] items)
    {
        writer.WriteStartArray();
        foreach (var (key, item) in keys.Zip(items))
        {
            writer.WriteStartObject();
            writer.WriteString("key", key);
            if (item is not null)
            {
                WriteData(writer, item.Value);
                writer.WriteString("etag", item.ETag);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary>Bytes that came over gRPC need not be JSON; they are shown as base64.</summary>
    static void WriteData(Utf8JsonWriter writer, byte[] value)
    {
        writer.WritePropertyName("data");
        if (CloudEvent.IsReadable(value))
        {
            writer.WriteRawValue(value, skipInputValidation: true);
        }
        else
        {
            writer.WriteBase64StringValue(value);
        }
    }

    static async Task TransactAsync(HttpContext http, StateStoreEntry store)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
        if (!body.RootElement.TryGetProperty("operations", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new StateRequestException("'operations' is missing");
        }
        var operations = new List<StateOperation>();
        foreach (var entry in list.EnumerateArray())
        {
            var kind = entry.TryGetProperty("operation", out var written) ? written.GetString() : null;
            var request = entry.TryGetProperty("request", out var inner) ? inner : throw new StateRequestException("an operation has no 'request'");
            operations.Add(kind switch
            {
                "upsert" => StateRequests.Upsert(request, store),
                "delete" => StateRequests.Delete(request, store),
                _ => throw new StateRequestException($"operation type {kind} not supported"),
            });
        }
        await store.Store.WriteAsync(operations, http.RequestAborted);
        await http.NoContent();
    }

    static string CheckedKey(HttpContext http)
    {
        var key = http.Segment("key");
        return StateStoreEntry.IsRefusedKey(key) ? throw new StateRequestException($"input key/keyPrefix '{key}' can't contain '||'") : key;
    }
}
