namespace Jackpot.LocalDapr.PubSub;

/// <summary>Gathers single messages into batches for brokers that have none of their own: full, or after the waiting time.</summary>
sealed class BulkCollector(BulkSubscribe bulk, MessageHandler inner)
{
    readonly Lock _lock = new();
    List<(BrokerMessage Message, TaskCompletionSource<bool> Done)> _gathering = [];
    long _bytes;

    public async Task<bool[]> HandleAsync(IReadOnlyList<BrokerMessage> messages, CancellationToken cancellation)
    {
        var answers = messages.Select(message => AddAsync(message, cancellation)).ToArray();
        return await Task.WhenAll(answers);
    }

    Task<bool> AddAsync(BrokerMessage message, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        List<(BrokerMessage, TaskCompletionSource<bool>)> batch;
        bool isFirst, isFull;
        lock (_lock)
        {
            batch = _gathering;
            batch.Add((message, done));
            _bytes += message.Data.Length;
            (isFirst, isFull) = (batch.Count == 1, batch.Count == bulk.MessagesMax || _bytes >= BatchBounds.BytesMax);
            if (isFull)
            {
                (_gathering, _bytes) = ([], 0);
            }
        }
        if (isFull)
        {
            _ = FlushAsync(batch, cancellation);
        }
        else if (isFirst)
        {
            _ = FlushLaterAsync(batch, cancellation);
        }
        return done.Task;
    }

    async Task FlushLaterAsync(List<(BrokerMessage Message, TaskCompletionSource<bool> Done)> batch, CancellationToken cancellation)
    {
        await Task.WhenAny(Task.Delay(bulk.AwaitMax, cancellation));
        lock (_lock)
        {
            if (_gathering != batch)
            {
                return;
            }
            (_gathering, _bytes) = ([], 0);
        }
        await FlushAsync(batch, cancellation);
    }

    async Task FlushAsync(List<(BrokerMessage Message, TaskCompletionSource<bool> Done)> batch, CancellationToken cancellation)
    {
        try
        {
            var done = await inner([.. batch.Select(entry => entry.Message)], cancellation);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Done.SetResult(done[i]);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            batch.ForEach(entry => entry.Done.TrySetCanceled(cancellation));
        }
#pragma warning disable CA1031 // Whoever waits for one of these messages gets to know the cause.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            batch.ForEach(entry => entry.Done.TrySetException(failed));
        }
    }
}
