using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Sidecars;
using static Jackpot.LocalDapr.Sidecars.SidecarRoutes;

namespace Jackpot.LocalDapr.Secrets;

/// <summary>The secrets API: 401 for an unknown store, 204 for an unknown secret.</summary>
static class SecretEndpoints
{
    public static void MapSecrets(this IEndpointRouteBuilder routes)
    {
        routes.MapDapr(Get, "/v1.0/secrets/{store}/bulk", (http, sidecar) => WithStoreAsync(http, sidecar, BulkAsync));
        routes.MapDapr(Get, "/v1.0/secrets/{store}/{key}", (http, sidecar) => WithStoreAsync(http, sidecar, ReadAsync));
    }

    static Task WithStoreAsync(HttpContext http, Sidecar sidecar, Func<HttpContext, FileSecretStore, Task> handle)
    {
        var name = http.Segment("store");
        return sidecar.Components.SecretStores.Count == 0 ? http.Error(500, "ERR_SECRET_STORES_NOT_CONFIGURED", "secret store is not configured")
            : !sidecar.Components.SecretStores.TryGetValue(name, out var store)
            ? http.Error(401, "ERR_SECRET_STORE_NOT_FOUND", $"failed finding secret store with key {name}")
            : handle(http, store);
    }

    static Task ReadAsync(HttpContext http, FileSecretStore store) =>
        store.Get(http.Segment("key")) is { } secret ? http.Json(200, writer => Write(writer, secret)) : http.NoContent();

    static Task BulkAsync(HttpContext http, FileSecretStore store) => http.Json(200, writer =>
    {
        writer.WriteStartObject();
        foreach (var (name, secret) in store.GetAll())
        {
            writer.WritePropertyName(name);
            Write(writer, secret);
        }
        writer.WriteEndObject();
    });

    static void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> secret)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in secret)
        {
            writer.WriteString(key, value);
        }
        writer.WriteEndObject();
    }
}
