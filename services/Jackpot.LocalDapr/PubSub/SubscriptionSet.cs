using System.Diagnostics;
using Jackpot.LocalDapr.Apps;
using Jackpot.LocalDapr.Faults;
using Jackpot.LocalDapr.Metrics;
using Jackpot.LocalDapr.Resiliency;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>The running subscriptions of one sidecar.</summary>
sealed partial class SubscriptionSet(SidecarOptions sidecar, IReadOnlyDictionary<string, PubSubEntry> pubSubs, AppChannel app, PolicySet policies, FaultSwitches faults, RuntimeMetrics metrics, ILogger logger)
{
    readonly List<IAsyncDisposable> _running = [];

    public IReadOnlyList<Subscription> All { get; private set; } = [];

    public async Task StartAsync(IReadOnlyList<Subscription> subscriptions, CancellationToken cancellation)
    {
        All = subscriptions;
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
                _running.Add(await pubSub.Broker.SubscribeAsync(subscription, pubSub.Consumer, HandlerOf(subscription, pubSub), cancellation));
            }
        }
    }

    public async Task StopAsync()
    {
        await Task.WhenAll(_running.Select(running => running.DisposeAsync().AsTask()));
        _running.Clear();
    }

    MessageHandler HandlerOf(Subscription subscription, PubSubEntry pubSub)
    {
        var policy = policies.InboundOf(pubSub.Name, "Pubsub");
        var deadLetter = new DeadLetter(pubSub, subscription.DeadLetterTopic, logger);
        MessageHandler handler = subscription.Bulk is null
            ? new MessageDelivery(subscription, app, policy, deadLetter, logger).HandleAsync
            : new BulkDelivery(subscription, app, policy, deadLetter, logger).HandleAsync;
        return new FaultyDelivery(faults, sidecar.AppId, subscription.Topic, Counted(subscription, handler)).HandleAsync;
    }

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

    [LoggerMessage(1206, LogLevel.Error, "{AppId} subscribes to {Topic} of {PubSub}, which is not among its components")]
    partial void LogUnknownComponent(string appId, string topic, string pubSub);

    [LoggerMessage(1207, LogLevel.Error, "{AppId} may not subscribe to {Topic} of {PubSub}")]
    partial void LogForbidden(string appId, string topic, string pubSub);
}
