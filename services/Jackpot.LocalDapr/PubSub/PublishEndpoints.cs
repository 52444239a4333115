using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Sidecars;
using static Jackpot.LocalDapr.Sidecars.SidecarRoutes;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Publish and bulk publish.</summary>
static class PublishEndpoints
{
    public static void MapPublish(this IEndpointRouteBuilder routes)
    {
        routes.MapDapr(PostPut, "/v1.0/publish/bulk/{pubsub}/{**topic}", (http, sidecar) => WithTopicAsync(http, sidecar, BulkPublishing.PublishAsync));
        routes.MapDapr(PostPut, "/v1.0-alpha1/publish/bulk/{pubsub}/{**topic}", (http, sidecar) => WithTopicAsync(http, sidecar, BulkPublishing.PublishAsync));
        routes.MapDapr(PostPut, "/v1.0/publish/{pubsub}/{**topic}", (http, sidecar) => WithTopicAsync(http, sidecar, PublishAsync));
    }

    /// <summary>The envelope's origin as the headers of the request tell it.</summary>
    public static EventSource SourceOf(HttpContext http, Sidecar sidecar, PubSubEntry pubSub, string topic) =>
        EventPublisher.SourceOf(sidecar, pubSub, topic, http.Request.Headers.TraceParent.ToString(), http.Request.Headers.TraceState.ToString());

    static async Task WithTopicAsync(HttpContext http, Sidecar sidecar, Func<HttpContext, Sidecar, PubSubEntry, string, Task> publish)
    {
        var name = http.Segment("pubsub");
        var topic = http.Segment("topic");
        if (sidecar.Components.PubSubs.Count == 0)
        {
            await http.Error(400, "ERR_PUBSUB_NOT_CONFIGURED", $"pubsub {name} is not configured", "DAPR_PUBSUB_NOT_CONFIGURED");
        }
        else if (!sidecar.Components.PubSubs.TryGetValue(name, out var pubSub))
        {
            await http.Error(404, "ERR_PUBSUB_NOT_FOUND", $"pubsub {name} is not found", "DAPR_PUBSUB_NOT_FOUND");
        }
        else if (topic.Length == 0)
        {
            await http.Error(404, "ERR_TOPIC_NAME_EMPTY", $"topic is empty in pubsub {name}", "DAPR_PUBSUB_TOPIC_NAME_EMPTY");
        }
        else if (!pubSub.Scopes.MayPublish(topic))
        {
            await http.Error(403, "ERR_PUBSUB_FORBIDDEN", $"topic {topic} is not allowed for app id {sidecar.Options.AppId}", "DAPR_PUBSUB_FORBIDDEN");
        }
        else
        {
            await publish(http, sidecar, pubSub, topic);
        }
    }

    static async Task PublishAsync(HttpContext http, Sidecar sidecar, PubSubEntry pubSub, string topic)
    {
        using var body = await PooledBody.ReadAsync(http.Request);
        var metadata = RequestMetadata.Of(http.Request);
        var contentType = http.Request.ContentType is { Length: > 0 } written ? written : "text/plain";
        try
        {
            var message = EventPublisher.MessageOf(body.Memory, contentType, SourceOf(http, sidecar, pubSub, topic), metadata);
            await EventPublisher.SendAsync(sidecar, pubSub, topic, [message], http.RequestAborted);
            await http.NoContent();
        }
        catch (JsonException unreadable)
        {
            await http.Error(400, "ERR_PUBSUB_CLOUD_EVENTS_SER", $"cannot create cloudevent: {unreadable.Message}", "DAPR_PUBSUB_CLOUD_EVENTS_SER");
        }
        catch (Exception failed) when (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Error(500, "ERR_PUBSUB_PUBLISH_MESSAGE", $"error when publish to topic {topic} in pubsub {pubSub.Name}: {failed.Message}", "DAPR_PUBSUB_PUBLISH_MESSAGE");
        }
    }
}
