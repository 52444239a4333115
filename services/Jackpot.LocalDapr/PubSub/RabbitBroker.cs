using System.Collections.Concurrent;
using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Jackpot.LocalDapr.PubSub;

/// <summary><c>pubsub.rabbitmq</c> on the real broker: a topic is an exchange, a consumer group a queue <c>{consumer}-{topic}</c>.</summary>
sealed class RabbitBroker(RabbitSettings settings, ILogger<RabbitBroker> logger) : IMessageBroker
{
    const int PublishTriesMax = 3;
    const int PublishChannelsMax = 16;
    static readonly TimeSpan PublishRetryDelay = TimeSpan.FromSeconds(2);

    readonly ConcurrentBag<IChannel> _idle = [];
    readonly SemaphoreSlim _publishers = new(PublishChannelsMax);
    readonly ConcurrentDictionary<string, Task> _declared = new();
    IConnection? _connection;

    public async Task OpenAsync(CancellationToken cancellation)
    {
        var factory = new ConnectionFactory
        {
            Uri = new Uri(settings.Address),
            ClientProvidedName = settings.ClientName,
            AutomaticRecoveryEnabled = true,
            TopologyRecoveryEnabled = true,
            NetworkRecoveryInterval = settings.ReconnectWait,
            RequestedHeartbeat = settings.HeartBeat,
            ConsumerDispatchConcurrency = 1,
        };
        _connection = await factory.CreateConnectionAsync(cancellation);
    }

    public Task PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation) =>
        Task.WhenAll(messages.Select(message => PublishAsync(message, cancellation)));

    public async Task<IAsyncDisposable> SubscribeAsync(Subscription subscription, string consumer, MessageHandler handler, CancellationToken cancellation) =>
        await RabbitConsumer.StartAsync(_connection!, settings, subscription, consumer, handler, DeclareExchangeAsync, logger, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    async Task PublishAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await PublishOnceAsync(message, cancellation);
                return;
            }
            catch (Exception broken) when (broken is AlreadyClosedException or OperationInterruptedException or PublishException or IOException && attempt < PublishTriesMax)
            {
                await Task.Delay(PublishRetryDelay, cancellation);
            }
        }
    }

    async Task PublishOnceAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        await _publishers.WaitAsync(cancellation);
        try
        {
            var channel = await TakeChannelAsync(cancellation);
            await _declared.GetOrAdd(message.Topic, topic => DeclareExchangeAsync(channel, topic, CancellationToken.None));
            await channel.BasicPublishAsync(
                message.Topic, message.Metadata.GetValueOrDefault("routingKey", ""), mandatory: false, PropertiesOf(message), message.Data, cancellation);
            _idle.Add(channel);
        }
        catch (OperationInterruptedException)
        {
            // The exchange may have vanished with its last queue.
            _declared.TryRemove(message.Topic, out _);
            throw;
        }
        finally
        {
            _publishers.Release();
        }
    }

    async Task<IChannel> TakeChannelAsync(CancellationToken cancellation)
    {
        while (_idle.TryTake(out var idle))
        {
            if (idle.IsOpen)
            {
                return idle;
            }
            await idle.DisposeAsync();
        }
        return await _connection!.CreateChannelAsync(new CreateChannelOptions(settings.WaitsForConfirm, settings.WaitsForConfirm), cancellation);
    }

    Task DeclareExchangeAsync(IChannel channel, string topic, CancellationToken cancellation) => channel.ExchangeDeclareAsync(
        topic, settings.ExchangeKind, settings.IsDurable, settings.IsDeletedWhenUnused, arguments: null, cancellationToken: cancellation);

    BasicProperties PropertiesOf(OutgoingMessage message)
    {
        var properties = new BasicProperties { ContentType = message.ContentType, Persistent = settings.IsPersistent };
        var seconds = TimeToLive.SecondsOf(message) ?? settings.TimeToLiveSeconds;
        if (seconds > 0)
        {
            properties.Expiration = ((long)(seconds * 1000)).ToString(CultureInfo.InvariantCulture);
        }
        if (message.Metadata.TryGetValue("priority", out var text) && byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var priority))
        {
            properties.Priority = priority;
        }
        return properties;
    }
}
