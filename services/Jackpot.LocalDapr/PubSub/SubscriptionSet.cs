using System.Collections.Concurrent;
using System.Diagnostics;
using Jackpot.LocalDapr.Apps;
using Jackpot.LocalDapr.Faults;
using Jackpot.LocalDapr.Metrics;
using Jackpot.LocalDapr.Resiliency;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>The running subscriptions of one sidecar.</summary>
sealed partial class SubscriptionSet(SidecarOptions sidecar, IReadOnlyDictionary<string, PubSubEntry> pubSubs, AppChannel? app, PolicySet policies, FaultSwitches faults, RuntimeMetrics metrics, ILogger logger)
{
    readonly List<IAsyncDisposable> _running = [];

    readonly ConcurrentDictionary<Stream, Subscription> _streams = new();
    IReadOnlyList<Subscription> _posted = [];

    public IReadOnlyList<Subscription> All => [.. _posted, .. _streams.Values];

    /// <summary>What the app is sent by POST; a sidecar without an app has none.</summary>
    public async Task StartAsync(IReadOnlyList<Subscription> subscriptions, CancellationToken cancellation)
    {
        _posted = subscriptions;
        foreach (var subscription in subscriptions)
        {
            if (!pubSubs.TryGetValue(subscription.PubSubName, out var pubSub))
            {
                LogUnknownComponent(sidecar.AppId, subscription.Topic, subscription.PubSubName);
            }
            else if (!pubSub.Scopes.MaySubscribe(subscription.Topic))
            {
                LogForbidden(sidecar.AppId, subscription.Topic, subscription.PubSubName);
            }
            else
            {
                _running.Add(await pubSub.Broker.SubscribeAsync(subscription, pubSub.Consumer, PostTo(app!, subscription, pubSub), cancellation));
            }
        }
    }

    public async Task StopAsync()
    {
        await Task.WhenAll(_running.Select(running => running.DisposeAsync().AsTask()));
        _running.Clear();
    }

    /// <summary>A subscription over a stream of the app's. What is on its way when the stream closes goes back to the broker, never to the dead letter topic.</summary>
    public async Task<IAsyncDisposable> AddStreamAsync(Subscription subscription, PubSubEntry pubSub, Deliver deliver, CancellationToken closed)
    {
        var delivery = new MessageDelivery(subscription, deliver, PolicyOf(pubSub), DeadLetterOf(subscription, pubSub), logger);
        var handler = Watched(subscription, async (messages, cancellation) =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, closed);
            try
            {
                return await delivery.HandleAsync(messages, either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return new bool[messages.Count];
            }
        });
        var stream = new Stream(_streams, await pubSub.Broker.SubscribeAsync(subscription, pubSub.Consumer, handler, closed));
        _streams[stream] = subscription;
        return stream;
    }

    MessageHandler PostTo(AppChannel to, Subscription subscription, PubSubEntry pubSub) => Watched(subscription, subscription.Bulk is null
        ? new MessageDelivery(subscription, new AppPost(to).DeliverAsync, PolicyOf(pubSub), DeadLetterOf(subscription, pubSub), logger).HandleAsync
        : new BulkDelivery(subscription, to, PolicyOf(pubSub), DeadLetterOf(subscription, pubSub), logger).HandleAsync);

    Policy PolicyOf(PubSubEntry pubSub) => policies.InboundOf(pubSub.Name, "Pubsub");

    DeadLetter DeadLetterOf(Subscription subscription, PubSubEntry pubSub) => new(pubSub, subscription.DeadLetterTopic, sidecar.AppId, logger);

    MessageHandler Watched(Subscription subscription, MessageHandler handler) =>
        new FaultyDelivery(faults, sidecar.AppId, subscription.Topic, Counted(subscription, handler)).HandleAsync;

    MessageHandler Counted(Subscription subscription, MessageHandler handler)
    {
        var series = metrics.Of("dapr_component_pubsub_ingress", sidecar.AppId, subscription.Topic);
        return async (messages, cancellation) =>
        {
            var startedAt = Stopwatch.GetTimestamp();
            var done = await handler(messages, cancellation);
            Array.ForEach(done, good => series.Add(startedAt, good));
            return done;
        };
    }

    sealed class Stream(ConcurrentDictionary<Stream, Subscription> open, IAsyncDisposable running) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            open.TryRemove(this, out _);
            return running.DisposeAsync();
        }
    }

    [LoggerMessage(1206, LogLevel.Error, "{AppId} subscribes to {Topic} of {PubSub}, which is not among its components")]
    partial void LogUnknownComponent(string appId, string topic, string pubSub);

    [LoggerMessage(1207, LogLevel.Error, "{AppId}: subscription to topic '{Topic}' on pubsub '{PubSub}' is not allowed")]
    partial void LogForbidden(string appId, string topic, string pubSub);
}
