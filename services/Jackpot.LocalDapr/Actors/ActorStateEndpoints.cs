using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Sidecars;
using Jackpot.LocalDapr.State;
using static Jackpot.LocalDapr.Sidecars.SidecarRoutes;

namespace Jackpot.LocalDapr.Actors;

/// <summary>
/// Actor state: neither takes the turn nor is it fenced, as in real Dapr. Keys carry the app id.
/// Only a transaction needs an active actor; reading does not.
/// </summary>
static class ActorStateEndpoints
{
    public static void MapActorState(this IEndpointRouteBuilder routes)
    {
        routes.MapDapr(Get, "/v1.0/actors/{type}/{id}/state/{key}", (http, sidecar) => Guard(http, sidecar, ReadAsync));
        routes.MapDapr(PostPut, "/v1.0/actors/{type}/{id}/state", (http, sidecar) => Guard(http, sidecar, TransactAsync));
    }

    static async Task Guard(HttpContext http, Sidecar sidecar, Func<HttpContext, Sidecar, PostgresStateStore, ActorKey, Task> handle)
    {
        var key = new ActorKey(http.Segment("type"), http.Segment("id"));
        if (key.IsReserved)
        {
            await http.Error(403, "ERR_ACTOR_TYPE_RESERVED", $"the actor type {key.Type} is reserved");
            return;
        }
        if (sidecar.Components.ActorStateStore is not { } store)
        {
            await http.Error(500, "ERR_ACTOR_RUNTIME_NOT_FOUND", "actors: state store does not exist or incorrectly configured");
            return;
        }
        if (!HttpMethods.IsGet(http.Request.Method) && sidecar.ActorHost?.IsActive(key) != true)
        {
            await http.Error(400, "ERR_ACTOR_INSTANCE_MISSING", "actor instance is missing");
            return;
        }
        try
        {
            await handle(http, sidecar, store.Store, key);
        }
        catch (Exception unreadable) when (unreadable is JsonException or StateRequestException)
        {
            await http.Error(400, "ERR_MALFORMED_REQUEST", $"failed deserializing HTTP body: {unreadable.Message}");
        }
        catch (Exception failed) when (failed is StateConflictException or Npgsql.NpgsqlException or TimeoutException)
        {
            await http.Error(500, HttpMethods.IsGet(http.Request.Method) ? "ERR_ACTOR_STATE_GET" : "ERR_ACTOR_STATE_TRANSACTION_SAVE", failed.Message);
        }
    }

    static async Task ReadAsync(HttpContext http, Sidecar sidecar, PostgresStateStore store, ActorKey actor)
    {
        if (await store.GetAsync(FullKey(sidecar, actor, http.Segment("key")), http.RequestAborted) is not { } item)
        {
            await http.NoContent();
            return;
        }
        http.Response.ContentType = "application/json";
        if (item.ExpiresAt is { } expires)
        {
            http.Response.Headers["metadata.ttlExpireTime"] = expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        }
        http.Response.ContentLength = item.Value.Length;
        await http.Response.Body.WriteAsync(item.Value, http.RequestAborted);
    }

    static async Task TransactAsync(HttpContext http, Sidecar sidecar, PostgresStateStore store, ActorKey actor)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
        if (body.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new StateRequestException("the body must be an array of operations");
        }
        await store.WriteAsync([.. body.RootElement.EnumerateArray().Select(entry => Operation(sidecar, actor, entry))], http.RequestAborted);
        await http.NoContent();
    }

    static StateOperation Operation(Sidecar sidecar, ActorKey actor, JsonElement entry)
    {
        if (!entry.TryGetProperty("request", out var request) || !request.TryGetProperty("key", out var name) || name.GetString() is not { Length: > 0 } key)
        {
            throw new StateRequestException("an operation has no request.key");
        }
        var fullKey = FullKey(sidecar, actor, key);
        var etag = request.TryGetProperty("etag", out var written) && written.ValueKind == JsonValueKind.String ? written.GetString() : null;
        return (entry.TryGetProperty("operation", out var operation) ? operation.GetString() : null) switch
        {
            "upsert" => new StateOperation(
                fullKey, System.Text.Encoding.UTF8.GetBytes(request.TryGetProperty("value", out var value) ? value.GetRawText() : "null"), etag, TimeToLive: StateRequests.TimeToLiveOf(request)),
            "delete" => new StateOperation(fullKey, null, etag),
            var other => throw new StateRequestException($"operation type {other} is not supported"),
        };
    }

    static string FullKey(Sidecar sidecar, ActorKey actor, string key) => $"{sidecar.Options.AppId}||{actor.Type}||{actor.Id}||{key}";
}
