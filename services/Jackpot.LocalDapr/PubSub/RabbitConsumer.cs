using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>One subscription on a RabbitMQ queue.</summary>
sealed partial class RabbitConsumer : IAsyncDisposable
{
    static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    readonly CancellationTokenSource _end = new();
    readonly IChannel _channel;
    readonly RabbitSettings _settings;
    readonly MessageHandler _handler;
    readonly ILogger _logger;
    string _tag = "";

    RabbitConsumer(IChannel channel, RabbitSettings settings, BulkSubscribe? bulk, MessageHandler handler, ILogger logger)
    {
        (_channel, _settings, _logger) = (channel, settings, logger);
        _handler = bulk is null ? handler : BulkCollector.Start(bulk, handler, _end.Token).HandleAsync;
    }

    public static async Task<RabbitConsumer> StartAsync(
        IConnection connection, RabbitSettings settings, Subscription subscription, string consumer, MessageHandler handler,
        Func<IChannel, string, CancellationToken, Task> declareExchange, ILogger logger, CancellationToken cancellation)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        await declareExchange(channel, subscription.Topic, cancellation);
        var queue = await DeclareQueueAsync(channel, settings, subscription, consumer, cancellation);
        foreach (var key in (subscription.Metadata.GetValueOrDefault("routingKey") ?? "").Split(','))
        {
            await channel.QueueBindAsync(queue, subscription.Topic, key, cancellationToken: cancellation);
        }
        if (settings.Prefetch > 0)
        {
            await channel.BasicQosAsync(0, settings.Prefetch, global: false, cancellation);
        }
        var self = new RabbitConsumer(channel, settings, subscription.Bulk, handler, logger);
        var events = new AsyncEventingBasicConsumer(channel);
        events.ReceivedAsync += self.ReceiveAsync;
        self._tag = await channel.BasicConsumeAsync(queue, settings.AutoAck, "", noLocal: false, exclusive: false, arguments: null, events, cancellation);
        return self;
    }

    /// <summary>What is not acknowledged yet goes back to the queue.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_channel.IsOpen)
        {
            await _channel.BasicCancelAsync(_tag);
        }
        await _channel.DisposeAsync();
    }

    static async Task<string> DeclareQueueAsync(IChannel channel, RabbitSettings settings, Subscription subscription, string consumer, CancellationToken cancellation)
    {
        var queue = subscription.Metadata.GetValueOrDefault("queueName") is { Length: > 0 } named ? named : $"{consumer}-{subscription.Topic}";
        var arguments = ArgumentsOf(settings, subscription);
        if (settings.HasDeadLetterQueue)
        {
            var (deadExchange, deadQueue) = ($"dlx-{queue}", $"dlq-{queue}");
            await channel.ExchangeDeclareAsync(deadExchange, "fanout", settings.IsDurable, settings.IsDeletedWhenUnused, cancellationToken: cancellation);
            await channel.QueueDeclareAsync(deadQueue, settings.IsDurable, false, false, cancellationToken: cancellation);
            await channel.QueueBindAsync(deadQueue, deadExchange, "", cancellationToken: cancellation);
            arguments["x-dead-letter-exchange"] = deadExchange;
        }
        await channel.QueueDeclareAsync(queue, settings.IsDurable, exclusive: false, settings.IsDeletedWhenUnused, arguments, cancellationToken: cancellation);
        return queue;
    }

    static Dictionary<string, object?> ArgumentsOf(RabbitSettings settings, Subscription subscription)
    {
        var arguments = new Dictionary<string, object?>();
        if (subscription.Metadata.TryGetValue("queueType", out var type))
        {
            arguments["x-queue-type"] = type;
        }
        AddNumber("x-max-priority", subscription.Metadata.GetValueOrDefault("maxPriority"), 0);
        AddNumber("x-max-length", subscription.Metadata.GetValueOrDefault("maxLen"), settings.LengthMax);
        AddNumber("x-max-length-bytes", subscription.Metadata.GetValueOrDefault("maxLenBytes"), settings.BytesMax);
        if (subscription.Metadata.GetValueOrDefault("singleActiveConsumer") is "true")
        {
            arguments["x-single-active-consumer"] = true;
        }
        return arguments;

        void AddNumber(string name, string? written, int otherwise)
        {
            var value = int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
            if (value > 0)
            {
                arguments[name] = value;
            }
        }
    }

    Task ReceiveAsync(object sender, BasicDeliverEventArgs delivery)
    {
        // The library takes the memory back when this returns.
        var message = new BrokerMessage(delivery.Body.ToArray(), NoMetadata, delivery.Redelivered ? 2 : 1);
        var handling = HandleAsync(delivery.DeliveryTag, message);
        return _settings.IsSerial ? handling : Task.CompletedTask;
    }

    async Task HandleAsync(ulong tag, BrokerMessage message)
    {
        try
        {
            var done = (await _handler([message], _end.Token))[0];
            if (_settings.AutoAck)
            {
                return;
            }
            if (done)
            {
                await _channel.BasicAckAsync(tag, multiple: false, _end.Token);
            }
            else
            {
                await _channel.BasicNackAsync(tag, multiple: false, _settings.RequeuesFailures, _end.Token);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or AlreadyClosedException or OperationInterruptedException or ObjectDisposedException)
        {
            LogUnanswered(gone.Message);
        }
#pragma warning disable CA1031 // A message that nobody answers for would take one of the queue's places until the channel closes.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            LogNotHandled(failed);
            await PutBackAsync(tag);
        }
    }

    async Task PutBackAsync(ulong tag)
    {
        try
        {
            if (!_settings.AutoAck)
            {
                await _channel.BasicNackAsync(tag, multiple: false, _settings.RequeuesFailures, _end.Token);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or AlreadyClosedException or OperationInterruptedException or ObjectDisposedException)
        {
            LogUnanswered(gone.Message);
        }
    }

    [LoggerMessage(1220, LogLevel.Error, "A message could not be handed over; it is put back as one that failed")]
    partial void LogNotHandled(Exception cause);

    [LoggerMessage(1205, LogLevel.Information, "A message could not be answered for; RabbitMQ brings it again: {Cause}")]
    partial void LogUnanswered(string cause);
}
