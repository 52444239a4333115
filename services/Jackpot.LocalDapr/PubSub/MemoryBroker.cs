using System.Collections.Concurrent;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>
/// <c>pubsub.in-memory</c>: within one sidecar only; publishing waits for the handlers; serial per subscription; a message whose handler
/// fails is lost; a subscription may end in <c>*</c>.
/// </summary>
sealed class MemoryBroker : IMessageBroker
{
    readonly ConcurrentDictionary<long, Listener> _listeners = new();
    long _lastListener;

    public Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    public async Task PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        foreach (var message in messages)
        {
            var brokerMessage = new BrokerMessage(message.Data.ToArray(), message.Metadata, 1);
            await Task.WhenAll(_listeners.Values.Where(listener => listener.Takes(message.Topic)).Select(listener => listener.HandAsync(brokerMessage, cancellation)));
        }
    }

    public Task<IAsyncDisposable> SubscribeAsync(Subscription subscription, string consumer, MessageHandler handler, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref _lastListener);
        var listener = new Listener(subscription.Topic, handler, () => _listeners.TryRemove(id, out _));
        _listeners[id] = listener;
        return Task.FromResult<IAsyncDisposable>(listener);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    sealed class Listener(string topic, MessageHandler handler, Action remove) : IAsyncDisposable
    {
        readonly SemaphoreSlim _turn = new(1);

        public bool Takes(string published) => topic is [.. var prefix, '*']
            ? published.StartsWith(prefix, StringComparison.Ordinal)
            : published == topic;

        public async Task HandAsync(BrokerMessage message, CancellationToken cancellation)
        {
            await _turn.WaitAsync(cancellation);
            try
            {
                await handler([message], cancellation);
            }
            finally
            {
                _turn.Release();
            }
        }

        public ValueTask DisposeAsync()
        {
            remove();
            return ValueTask.CompletedTask;
        }
    }
}
