using System.Threading.Channels;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>
/// Gathers single messages into batches for brokers that have none of their own, as daprd does: a batch goes when it is full or when the clock
/// that ticks at the waiting time says so, and the next one is gathered when the app has answered for it. The messages are those that the
/// broker has in flight: where that is one, each batch holds one and each waits for the clock.
/// </summary>
sealed class BulkCollector
{
    readonly BulkSubscribe _bulk;
    readonly MessageHandler _inner;
    readonly Channel<Waiting> _waiting;

    BulkCollector(BulkSubscribe bulk, MessageHandler inner)
    {
        (_bulk, _inner) = (bulk, inner);
        _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(bulk.MessagesMax) { SingleReader = true });
    }

    /// <summary>Collects until <paramref name="end"/>; what has no answer by then gets none.</summary>
    public static BulkCollector Start(BulkSubscribe bulk, MessageHandler inner, CancellationToken end)
    {
        var collector = new BulkCollector(bulk, inner);
        _ = collector.RunAsync(end);
        return collector;
    }

    public Task<bool[]> HandleAsync(IReadOnlyList<BrokerMessage> messages, CancellationToken cancellation) =>
        Task.WhenAll(messages.Select(message => AddAsync(message, cancellation)));

    async Task<bool> AddAsync(BrokerMessage message, CancellationToken cancellation)
    {
        var waiting = new Waiting(message);
        await _waiting.Writer.WriteAsync(waiting, cancellation);
        return await waiting.Done.Task.WaitAsync(cancellation);
    }

    async Task RunAsync(CancellationToken end)
    {
        using var clock = new PeriodicTimer(_bulk.AwaitMax);
        Task<bool> tick = clock.WaitForNextTickAsync(end).AsTask(), arrival = ArrivalAsync(end);
        try
        {
            for (var batch = new List<Waiting>(); ; batch.Clear())
            {
                while (!IsFull(batch))
                {
                    if (_waiting.Reader.TryRead(out var next))
                    {
                        batch.Add(next);
                    }
                    else if (batch.Count == 0)
                    {
                        await arrival;
                        arrival = ArrivalAsync(end);
                    }
                    else if (await Task.WhenAny(arrival, tick) == tick)
                    {
                        await tick;
                        tick = clock.WaitForNextTickAsync(end).AsTask();
                        break;
                    }
                    else
                    {
                        await arrival;
                        arrival = ArrivalAsync(end);
                    }
                }
                await FlushAsync(batch, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Whoever waits for one of these messages has the same token.
        }
    }

    /// <summary>Already over while something waits.</summary>
    Task<bool> ArrivalAsync(CancellationToken end) => _waiting.Reader.WaitToReadAsync(end).AsTask();

    bool IsFull(List<Waiting> batch) => batch.Count == _bulk.MessagesMax || batch.Sum(entry => (long)entry.Message.Data.Length) >= BatchBounds.BytesMax;

    async Task FlushAsync(List<Waiting> batch, CancellationToken end)
    {
        try
        {
            var done = await _inner([.. batch.Select(entry => entry.Message)], end);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Done.SetResult(done[i]);
            }
        }
#pragma warning disable CA1031 // Whoever waits for one of these messages gets to know the cause.
        catch (Exception failed) when (!end.IsCancellationRequested)
#pragma warning restore CA1031
        {
            batch.ForEach(entry => entry.Done.TrySetException(failed));
        }
    }

    sealed record Waiting(BrokerMessage Message)
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
