using System.Text.Json;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jackpot.LocalDapr.Calls;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Publish and bulk publish over gRPC.</summary>
static class PublishGrpc
{
    public static void BindPublish(this MethodBinder methods)
    {
        methods.Unary<PublishEventRequest, Empty>("PublishEvent", PublishAsync);
        methods.Unary<BulkPublishRequest, BulkPublishResponse>("BulkPublishEvent", BulkPublishAsync);
        methods.Unary<BulkPublishRequest, BulkPublishResponse>("BulkPublishEventAlpha1", BulkPublishAsync);
    }

    public static PubSubEntry PubSubOf(Sidecar sidecar, string name, string topic) =>
        sidecar.Components.PubSubs.Count == 0 ? throw GrpcFailure.Of(StatusCode.FailedPrecondition, $"pubsub {name} is not configured")
        : !sidecar.Components.PubSubs.TryGetValue(name, out var pubSub) ? throw GrpcFailure.Of(StatusCode.InvalidArgument, $"pubsub {name} is not found")
        : topic.Length == 0 ? throw GrpcFailure.Of(StatusCode.InvalidArgument, $"topic is empty in pubsub {name}")
        : pubSub;

    static async Task<Empty> PublishAsync(Sidecar sidecar, PublishEventRequest request, ServerCallContext call)
    {
        var (pubSub, source) = OriginOf(sidecar, request.PubsubName, request.Topic, call);
        var message = MessageOf(request.Data.Memory, request.DataContentType, source, MetadataOf(request.Metadata));
        try
        {
            await EventPublisher.SendAsync(sidecar, pubSub, request.Topic, [message], call.CancellationToken);
            return new Empty();
        }
        catch (Exception failed) when (!call.CancellationToken.IsCancellationRequested)
        {
            throw GrpcFailure.Of(StatusCode.Internal, $"error when publish to topic {request.Topic} in pubsub {pubSub.Name}: {failed.Message}");
        }
    }

    /// <summary>The broker takes all or nothing, so a failure names every entry.</summary>
    static async Task<BulkPublishResponse> BulkPublishAsync(Sidecar sidecar, BulkPublishRequest request, ServerCallContext call)
    {
        var (pubSub, source) = OriginOf(sidecar, request.PubsubName, request.Topic, call);
        if (request.Entries.Any(entry => entry.EntryId.Length == 0) || request.Entries.DistinctBy(entry => entry.EntryId).Count() != request.Entries.Count)
        {
            throw GrpcFailure.Of(StatusCode.InvalidArgument, "entryId is duplicated or not present for entry");
        }
        var messages = request.Entries.Select(entry => MessageOf(entry.Event.Memory, entry.ContentType, source, MetadataOf(request.Metadata, entry.Metadata))).ToArray();
        try
        {
            await EventPublisher.SendAsync(sidecar, pubSub, request.Topic, messages, call.CancellationToken);
            return new BulkPublishResponse();
        }
        catch (Exception failed) when (!call.CancellationToken.IsCancellationRequested)
        {
            return new BulkPublishResponse { FailedEntries = { request.Entries.Select(entry => new BulkPublishResponseFailedEntry { EntryId = entry.EntryId, Error = failed.Message }) } };
        }
    }

    static (PubSubEntry PubSub, EventSource Source) OriginOf(Sidecar sidecar, string name, string topic, ServerCallContext call)
    {
        var pubSub = PubSubOf(sidecar, name, topic);
        return pubSub.Scopes.MayPublish(topic)
            ? (pubSub, EventPublisher.SourceOf(sidecar, pubSub, topic, call.RequestHeaders.GetValue("traceparent"), call.RequestHeaders.GetValue("tracestate")))
            : throw GrpcFailure.Of(StatusCode.PermissionDenied, $"topic {topic} is not allowed for app id {sidecar.Options.AppId}");
    }

    static OutgoingMessage MessageOf(ReadOnlyMemory<byte> data, string contentType, EventSource source, Dictionary<string, string> metadata)
    {
        try
        {
            return EventPublisher.MessageOf(data, contentType.Length == 0 ? "text/plain" : contentType, source, metadata);
        }
        catch (JsonException unreadable)
        {
            throw GrpcFailure.Of(StatusCode.InvalidArgument, $"cannot create cloudevent: {unreadable.Message}");
        }
    }

    static Dictionary<string, string> MetadataOf(params IReadOnlyList<MapField<string, string>> parts)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in parts.SelectMany(part => part))
        {
            metadata[name] = value;
        }
        return metadata;
    }
}
