using System.Diagnostics;
using System.Text.Json;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Publishing, whichever API the events came by.</summary>
static class EventPublisher
{
    /// <exception cref="JsonException">The content type says cloud event, the data is none.</exception>
    public static OutgoingMessage MessageOf(ReadOnlyMemory<byte> data, string contentType, EventSource source, IReadOnlyDictionary<string, string> metadata) =>
        IsRaw(metadata)
            ? new OutgoingMessage(source.Topic, data, contentType, metadata)
            : new OutgoingMessage(source.Topic, CloudEvent.Wrap(data, contentType, source, metadata), CloudEvent.ContentType, metadata);

    public static EventSource SourceOf(Sidecar sidecar, PubSubEntry pubSub, string topic, string? traceParent, string? traceState) =>
        new(sidecar.Options.AppId, pubSub.Name, topic, string.IsNullOrEmpty(traceParent) ? TraceParent.New() : traceParent, traceState ?? "");

    /// <summary>Returns when the broker has taken all of them.</summary>
    public static async Task SendAsync(Sidecar sidecar, PubSubEntry pubSub, string topic, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var done = false;
        try
        {
            await sidecar.Policies.OutboundOf(pubSub.Name, "Pubsub").RunAsync(token => pubSub.Broker.PublishAsync(messages, token), cancellation);
            done = true;
        }
        finally
        {
            sidecar.Node.Metrics.Of("dapr_component_pubsub_egress", sidecar.Options.AppId, topic).Add(startedAt, done);
        }
    }

    static bool IsRaw(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue("rawPayload", out var raw) && raw.Equals("true", StringComparison.OrdinalIgnoreCase);
}
