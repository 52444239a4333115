using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;
using Jackpot.LocalDapr.Calls;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Streaming subscriptions: the application names a topic in its first message and gets events until it closes the stream.</summary>
static class SubscribeGrpc
{
    public static void BindSubscribe(this MethodBinder methods) =>
        methods.DuplexStreaming<SubscribeTopicEventsRequestAlpha1, SubscribeTopicEventsResponseAlpha1>("SubscribeTopicEventsAlpha1", SubscribeAsync);

    static async Task SubscribeAsync(
        Sidecar sidecar, IAsyncStreamReader<SubscribeTopicEventsRequestAlpha1> reader, IServerStreamWriter<SubscribeTopicEventsResponseAlpha1> writer, ServerCallContext call)
    {
        if (!await reader.MoveNext(call.CancellationToken) || reader.Current.InitialRequest is not { } initial)
        {
            throw GrpcFailure.Of(StatusCode.InvalidArgument, "the first message of a subscription must be its initial_request");
        }
        var pubSub = PublishGrpc.PubSubOf(sidecar, initial.PubsubName, initial.Topic);
        if (!pubSub.Scopes.MaySubscribe(initial.Topic))
        {
            // daprd gives this error no status of its own.
            throw GrpcFailure.Of(StatusCode.Unknown, $"subscription to topic '{initial.Topic}' on pubsub '{pubSub.Name}' is not allowed");
        }
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken);
        var stream = new AppStream(writer, closed.Token);
        var subscription = new Subscription(
            pubSub.Name, initial.Topic, [new RouteRule(null, "")], initial.DeadLetterTopic is { Length: > 0 } dead ? dead : null,
            new Dictionary<string, string>(initial.Metadata, StringComparer.OrdinalIgnoreCase), null, "STREAMING");
        Deliver deliver = (path, envelope, message, token) => sidecar.Node.Faults.IsCut(sidecar.Options.AppId)
            ? throw new RetryableDeliveryException(503, $"{sidecar.Options.AppId} is cut off by a fault switch")
            : stream.DeliverAsync(path, envelope, message, token);
        await using var running = await sidecar.Subscriptions.AddStreamAsync(subscription, pubSub, deliver, closed.Token);
        try
        {
            await stream.RunAsync(reader);
        }
        finally
        {
            // Whatever waits for a verdict ends first: the subscription stops when no delivery is open.
            await closed.CancelAsync();
        }
    }
}
