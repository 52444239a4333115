using StackExchange.Redis;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>
/// <c>pubsub.redis</c> on the real server: a topic is a stream, a consumer group a group of it that begins at its oldest message. As with Dapr's
/// component a subscription takes a connection of the pool for itself, and who publishes when none is left fails.
/// </summary>
sealed class RedisBroker(RedisSettings settings, ILogger<RedisBroker> logger) : IMessageBroker
{
    /// <summary>The field of a stream's entry that holds the message.</summary>
    internal const string DataField = "data";

    static readonly TimeSpan PoolTimeout = TimeSpan.FromSeconds(4);

    readonly SemaphoreSlim _pool = new(settings.PoolSize);
    ConnectionMultiplexer? _connection;

    public async Task OpenAsync(CancellationToken cancellation) => _connection = await ConnectionMultiplexer.ConnectAsync(settings.Options).WaitAsync(cancellation);

    public Task PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation) =>
        Task.WhenAll(messages.Select(message => PublishAsync(message, cancellation)));

    public async Task<IAsyncDisposable> SubscribeAsync(Subscription subscription, string consumer, MessageHandler handler, CancellationToken cancellation)
    {
        await TakeAsync(cancellation);
        try
        {
            await CreateGroupAsync(subscription.Topic, consumer);
            return await RedisConsumer.StartAsync(_connection!.GetDatabase(), settings, subscription, consumer, handler, () => _pool.Release(), logger);
        }
        catch
        {
            _pool.Release();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    async Task PublishAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        await TakeAsync(cancellation);
        try
        {
            await _connection!.GetDatabase().StreamAddAsync(
                message.Topic, DataField, message.Data, maxLength: settings.LengthMax > 0 ? settings.LengthMax : null, useApproximateMaxLength: true);
        }
        finally
        {
            _pool.Release();
        }
    }

    async Task TakeAsync(CancellationToken cancellation)
    {
        if (!await _pool.WaitAsync(PoolTimeout, cancellation))
        {
            throw new RedisTimeoutException("redis: connection pool timeout", CommandStatus.WaitingToBeSent);
        }
    }

    async Task CreateGroupAsync(string topic, string consumer)
    {
        try
        {
            await _connection!.GetDatabase().StreamCreateConsumerGroupAsync(topic, consumer, StreamPosition.Beginning, createStream: true);
        }
        catch (RedisServerException there) when (there.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            // Another replica, or an earlier run, has made it.
        }
    }
}
