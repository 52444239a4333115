using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Components;
using Jackpot.LocalDapr.PubSub;
using Jackpot.LocalDapr.Sidecars;
using static Jackpot.LocalDapr.Sidecars.SidecarRoutes;

namespace Jackpot.LocalDapr.Health;

/// <summary>What the sidecar tells about itself.</summary>
static class MetadataEndpoints
{
    internal const string RuntimeVersion = "1.18.3";
    static readonly string[] Put = ["PUT"];

    public static void MapMetadata(this IEndpointRouteBuilder routes)
    {
        routes.MapDapr(Get, "/v1.0/metadata", (http, sidecar) => http.Json(200, writer => Write(writer, sidecar)));
        routes.MapDapr(Put, "/v1.0/metadata/{key}", SetAsync);
    }

    static async Task SetAsync(HttpContext http, Sidecar sidecar)
    {
        using var reader = new StreamReader(http.Request.Body);
        sidecar.Extended[http.Segment("key")] = await reader.ReadToEndAsync(http.RequestAborted);
        await http.NoContent();
    }

    static void Write(Utf8JsonWriter writer, Sidecar sidecar)
    {
        writer.WriteStartObject();
        writer.WriteString("id", sidecar.Options.AppId);
        writer.WriteString("runtimeVersion", RuntimeVersion);
        WriteActors(writer, sidecar);
        writer.WriteStartArray("components");
        foreach (var component in sidecar.Components.All)
        {
            WriteComponent(writer, component);
        }
        writer.WriteEndArray();
        writer.WriteStartObject("extended");
        writer.WriteString("daprRuntimeVersion", RuntimeVersion);
        foreach (var (name, value) in sidecar.Extended)
        {
            writer.WriteString(name, value);
        }
        writer.WriteEndObject();
        writer.WriteStartArray("subscriptions");
        foreach (var subscription in sidecar.Subscriptions.All)
        {
            WriteSubscription(writer, subscription);
        }
        writer.WriteEndArray();
        WriteConnection(writer, sidecar);
        writer.WriteEndObject();
    }

    static void WriteActors(Utf8JsonWriter writer, Sidecar sidecar)
    {
        var counts = sidecar.ActorHost?.Counts().ToArray() ?? [];
        WriteCounts(writer, "actors", counts);
        writer.WriteStartObject("actorRuntime");
        writer.WriteString("runtimeStatus", sidecar.IsReady ? "RUNNING" : "INITIALIZING");
        WriteCounts(writer, "activeActors", counts);
        writer.WriteBoolean("hostReady", sidecar.IsReady);
        writer.WriteString("placement", sidecar.Actors.PlacementStatus);
        writer.WriteEndObject();
        writer.WriteStartObject("workflows");
        writer.WriteNumber("connectedWorkers", sidecar.ConnectedWorkers);
        writer.WriteEndObject();
    }

    static void WriteCounts(Utf8JsonWriter writer, string name, (string Type, int Count)[] counts)
    {
        writer.WriteStartArray(name);
        foreach (var (type, count) in counts)
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteNumber("count", count);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    static void WriteComponent(Utf8JsonWriter writer, Component component)
    {
        writer.WriteStartObject();
        writer.WriteString("name", component.Name);
        writer.WriteString("type", component.Type.Name);
        writer.WriteString("version", component.Version);
        writer.WriteStartArray("capabilities");
        foreach (var capability in component.Type.Capabilities)
        {
            writer.WriteStringValue(capability);
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void WriteSubscription(Utf8JsonWriter writer, Subscription subscription)
    {
        writer.WriteStartObject();
        writer.WriteString("pubsubname", subscription.PubSubName);
        writer.WriteString("topic", subscription.Topic);
        writer.WriteString("deadLetterTopic", subscription.DeadLetterTopic ?? "");
        writer.WriteString("type", subscription.Kind);
        writer.WriteStartObject("metadata");
        foreach (var (name, value) in subscription.Metadata)
        {
            writer.WriteString(name, value);
        }
        writer.WriteEndObject();
        writer.WriteStartArray("rules");
        foreach (var rule in subscription.Rules)
        {
            writer.WriteStartObject();
            writer.WriteString("match", rule.Match?.Text ?? "");
            writer.WriteString("path", rule.Path);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void WriteConnection(Utf8JsonWriter writer, Sidecar sidecar)
    {
        if (sidecar.App is not { } app)
        {
            return;
        }
        writer.WriteStartObject("appConnectionProperties");
        writer.WriteNumber("port", app.Port);
        writer.WriteString("protocol", "http");
        writer.WriteString("channelAddress", "127.0.0.1");
        if (sidecar.Options.EnableAppHealthCheck)
        {
            writer.WriteStartObject("health");
            writer.WriteString("healthCheckPath", sidecar.Options.AppHealthCheckPath);
            writer.WriteString("healthProbeInterval", $"{sidecar.Options.AppHealthProbeIntervalSeconds}s");
            writer.WriteString("healthProbeTimeout", $"{sidecar.Options.AppHealthProbeTimeoutMilliseconds}ms");
            writer.WriteNumber("healthThreshold", sidecar.Options.AppHealthThreshold);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }
}
