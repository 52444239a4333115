using System.Collections.Concurrent;
using Jackpot.LocalDapr.Components;
using Jackpot.LocalDapr.Storage;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Brokers that live outside the sidecars, so that the components of several sidecars share one.</summary>
sealed class BrokerPool(Databases databases, ILoggerFactory loggers) : IAsyncDisposable
{
    readonly ConcurrentDictionary<(string ConnectionString, PostgresBrokerSettings Settings), OpenOnceBroker> _postgres = new();
    readonly List<IMessageBroker> _own = [];

    public IMessageBroker Postgres(Component component)
    {
        var connectionString = PostgresConnection.StringOf(component);
        var settings = new PostgresBrokerSettings(
            component.Text("schema") is { Length: > 0 } schema ? schema : "localdapr",
            component.Whole("concurrency", 16, 1),
            component.Duration("leaseDuration", TimeSpan.FromSeconds(60)),
            component.Duration("redeliveryDelay", TimeSpan.FromSeconds(1)),
            component.Whole("maxDeliveries", 1_000, 1));
        return _postgres.GetOrAdd((connectionString, settings), key => new OpenOnceBroker(
            new PostgresBroker(
                databases.Open(key.ConnectionString), databases.OpenRelaxed(key.ConnectionString), databases.OpenUnpooled(key.ConnectionString), key.Settings,
                loggers.CreateLogger<PostgresBroker>())));
    }

    public IMessageBroker Rabbit(Component component)
    {
        var broker = new RabbitBroker(new RabbitSettings(component), loggers.CreateLogger<RabbitBroker>());
        _own.Add(broker);
        return broker;
    }

    public IMessageBroker Redis(Component component)
    {
        var broker = new RedisBroker(new RedisSettings(component), loggers.CreateLogger<RedisBroker>());
        _own.Add(broker);
        return broker;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var broker in _own)
        {
            await broker.DisposeAsync();
        }
        foreach (var broker in _postgres.Values)
        {
            await broker.DisposeAsync();
        }
    }

    /// <summary>Opened by whichever sidecar comes first.</summary>
    sealed class OpenOnceBroker(IMessageBroker inner) : IMessageBroker
    {
        readonly Lock _lock = new();
        Task? _open;

        public Task OpenAsync(CancellationToken cancellation)
        {
            lock (_lock)
            {
                return _open ??= inner.OpenAsync(cancellation);
            }
        }

        public Task PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation) => inner.PublishAsync(messages, cancellation);

        public Task<IAsyncDisposable> SubscribeAsync(Subscription subscription, string consumer, MessageHandler handler, CancellationToken cancellation) =>
            inner.SubscribeAsync(subscription, consumer, handler, cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
