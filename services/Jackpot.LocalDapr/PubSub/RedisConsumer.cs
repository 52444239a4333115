using System.Threading.Channels;
using StackExchange.Redis;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>One subscription on a Redis stream: reads ahead into a queue, handles as many messages at a time as it may, acknowledges each.</summary>
sealed partial class RedisConsumer : IAsyncDisposable
{
    static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();
    static readonly TimeSpan ReadWait = TimeSpan.FromSeconds(2);
    static readonly TimeSpan ReadRetry = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _end = new();
    readonly IDatabase _database;
    readonly ConnectionMultiplexer _reader;
    readonly RedisSettings _settings;
    readonly string _topic;
    readonly string _consumer;
    readonly MessageHandler _handler;
    readonly Action _release;
    readonly ILogger _logger;
    readonly Channel<(RedisValue Id, BrokerMessage Message)> _queue;
    Task _running = Task.CompletedTask;

    RedisConsumer(
        IDatabase database, ConnectionMultiplexer reader, RedisSettings settings, Subscription subscription, string consumer, MessageHandler handler, Action release, ILogger logger)
    {
        (_database, _reader, _settings, _topic, _consumer, _release, _logger) = (database, reader, settings, subscription.Topic, consumer, release, logger);
        _handler = subscription.Bulk is { } bulk ? BulkCollector.Start(bulk, handler, _end.Token).HandleAsync : handler;
        _queue = Channel.CreateBounded<(RedisValue, BrokerMessage)>(settings.QueueDepth);
    }

    public static async Task<RedisConsumer> StartAsync(
        IDatabase database, RedisSettings settings, Subscription subscription, string consumer, MessageHandler handler, Action release, ILogger logger)
    {
        // A connection of its own, because a read that waits would hold up everything behind it.
        var self = new RedisConsumer(database, await ConnectionMultiplexer.ConnectAsync(settings.Options), settings, subscription, consumer, handler, release, logger);
        self._running = Task.WhenAll([self.ReadLoopAsync(), self.ReclaimLoopAsync(), .. Enumerable.Range(0, settings.Concurrency).Select(_ => self.WorkAsync())]);
        return self;
    }

    /// <summary>What is not acknowledged yet is read again after the processing timeout.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        await _reader.DisposeAsync();
        _release();
    }

    async Task ReadLoopAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var answer = await _reader.GetDatabase().ExecuteAsync(
                    "XREADGROUP", "GROUP", _consumer, _consumer, "COUNT", _settings.QueueDepth, "BLOCK", (long)ReadWait.TotalMilliseconds, "STREAMS", _topic, ">");
                if (!answer.IsNull)
                {
                    foreach (var entry in (RedisResult[])((RedisResult[])((RedisResult[])answer!)[0]!)[1]!)
                    {
                        var parts = (RedisResult[])entry!;
                        var fields = (RedisValue[])parts[1]!;
                        await QueueAsync((RedisValue)parts[0], fields[Array.IndexOf(fields, (RedisValue)RedisBroker.DataField) + 1], 1);
                    }
                }
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (RedisException failed)
            {
                await TellAndWaitAsync(failed);
            }
        }
    }

    /// <summary>Messages that somebody read and never acknowledged, this process before it was killed for example.</summary>
    async Task ReclaimLoopAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await Task.Delay(_settings.RedeliverInterval, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                var late = await _database.StreamAutoClaimAsync(_topic, _consumer, _consumer, (long)_settings.ProcessingTimeout.TotalMilliseconds, StreamPosition.Beginning, _settings.QueueDepth);
                foreach (var entry in late.ClaimedEntries.Where(entry => !entry.IsNull))
                {
                    await QueueAsync(entry.Id, entry[RedisBroker.DataField], 2);
                }
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (RedisException failed)
            {
                await TellAndWaitAsync(failed);
            }
        }
    }

    ValueTask QueueAsync(RedisValue id, RedisValue data, int delivery) => _queue.Writer.WriteAsync((id, new BrokerMessage((byte[])data!, NoMetadata, delivery)), _end.Token);

    async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                var (id, message) = await _queue.Reader.ReadAsync(_end.Token);
                await HandleAsync(id, message);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The subscription ends.
        }
    }

    /// <summary>As since Dapr 1.17, a message whose handler finally failed is acknowledged and with it lost; the dead letter topic is what keeps it.</summary>
    async Task HandleAsync(RedisValue id, BrokerMessage message)
    {
        try
        {
            await _handler([message], _end.Token);
            await _database.StreamAcknowledgeAsync(_topic, _consumer, id);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A worker that ended would take its share of the concurrency with it; the message is read again.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            LogNotHandled(_topic, failed);
        }
    }

    async Task TellAndWaitAsync(RedisException failed)
    {
        LogUnreachable(_topic, failed.Message);
        await Task.Delay(ReadRetry, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(1224, LogLevel.Error, "A message of topic {Topic} could not be handled; Redis brings it again")]
    partial void LogNotHandled(string topic, Exception cause);

    [LoggerMessage(1225, LogLevel.Warning, "Topic {Topic} cannot be read from Redis; it is tried again: {Cause}")]
    partial void LogUnreachable(string topic, string cause);
}
