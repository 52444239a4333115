using System.Collections.Concurrent;
using System.Threading.Channels;
using Npgsql;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>One subscription at one sidecar: leases messages in batches, hands them over concurrently, answers for them in batches.</summary>
sealed partial class PostgresConsumer : IAsyncDisposable
{
    const int LeasedAtOnceMax = 100;

    // Only for what no signal tells: leases that ran out, delayed redelivery, publishers in another process.
    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan HandlersEndMax = TimeSpan.FromSeconds(5);
    static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _end = new();
    readonly MessageShelf _shelf;
    readonly MessageSignal _signal;
    readonly int _batchMax;
    readonly MessageHandler _handler;
    readonly ILogger _logger;
    readonly int _concurrency;
    readonly SemaphoreSlim _slots;
    readonly Channel<(long Id, bool Done)> _answers = Channel.CreateUnbounded<(long, bool)>(new() { SingleReader = true });
    readonly ConcurrentDictionary<long, byte> _inHand = new();
    readonly TimeSpan _renewInterval;
    Task _running = Task.CompletedTask;

    PostgresConsumer(MessageShelf shelf, MessageSignal signal, PostgresBrokerSettings settings, int batchMax, MessageHandler handler, ILogger logger)
    {
        (_shelf, _signal, _batchMax, _handler, _logger) = (shelf, signal, batchMax, handler, logger);
        _concurrency = settings.Concurrency;
        _slots = new SemaphoreSlim(_concurrency);
        _renewInterval = settings.Lease / 3;
    }

    public static PostgresConsumer Start(
        MessageShelf shelf, MessageSignal signal, PostgresBrokerSettings settings, int batchMax, MessageHandler handler, ILogger logger)
    {
        var consumer = new PostgresConsumer(shelf, signal, settings, batchMax, handler, logger);
        consumer._running = Task.WhenAll(consumer.LeaseLoopAsync(), consumer.RenewLoopAsync(), consumer.AnswerLoopAsync());
        return consumer;
    }

    /// <summary>Stops leasing. What is being handled ends by its token and is put back; what does not end in time comes again when its lease runs out.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await HandlersEndAsync();
        _answers.Writer.TryComplete();
        await _running;
    }

    async Task HandlersEndAsync()
    {
        using var limit = new CancellationTokenSource(HandlersEndMax);
        for (var slot = 0; slot < _concurrency && !limit.IsCancellationRequested; slot++)
        {
            await _slots.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task LeaseLoopAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var next = _signal.Next;
                await _slots.WaitAsync(_end.Token);
                _slots.Release();
                var wanted = Math.Min(_slots.CurrentCount * _batchMax, LeasedAtOnceMax);
                var messages = await _shelf.LeaseAsync(wanted, _end.Token);
                await HandOutAsync(messages);
                if (messages.Count == 0)
                {
                    await Task.WhenAny(next, Task.Delay(LookInterval, _end.Token));
                }
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A subscription whose loop has ended would be silent for ever; whatever it was, the next look follows.
            catch (Exception failed)
#pragma warning restore CA1031
            {
                LogStoreUnreachable(_shelf.Consumer, _shelf.Topic, failed);
                await Task.WhenAny(Task.Delay(StoreRetry, _end.Token));
            }
        }
    }

    /// <summary>A handler may take longer than a lease, for example while a policy retries; its message stays its own as long as this process lives.</summary>
    async Task RenewLoopAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(_renewInterval, _end.Token));
            try
            {
                if (!_inHand.IsEmpty)
                {
                    await _shelf.RenewAsync([.. _inHand.Keys], CancellationToken.None);
                }
            }
#pragma warning disable CA1031 // As above: leases must go on being renewed.
            catch (Exception failed)
#pragma warning restore CA1031
            {
                LogStoreUnreachable(_shelf.Consumer, _shelf.Topic, failed);
            }
        }
    }

    async Task HandOutAsync(List<LeasedMessage> messages)
    {
        foreach (var message in messages)
        {
            _inHand[message.Id] = 0;
        }
        foreach (var batch in BatchBounds.Cut(messages, _batchMax, message => message.Message.Data.Length))
        {
            await _slots.WaitAsync(_end.Token);
            _ = HandleAsync(batch);
        }
    }

    async Task HandleAsync(LeasedMessage[] batch)
    {
        try
        {
            var live = batch.Where(message => !message.IsExpired).ToArray();
            var done = live.Length == 0 ? [] : await _handler([.. live.Select(message => message.Message)], _end.Token);
            foreach (var (message, good) in live.Zip(done))
            {
                _answers.Writer.TryWrite((message.Id, good));
            }
            foreach (var expired in batch.Where(message => message.IsExpired))
            {
                _answers.Writer.TryWrite((expired.Id, true));
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            foreach (var message in batch)
            {
                _answers.Writer.TryWrite((message.Id, false));
            }
        }
#pragma warning disable CA1031 // A message that nobody answers for would stay leased as long as this process lives; it comes again instead, a limited number of times.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            LogNotHandled(_shelf.Consumer, _shelf.Topic, batch.Length, failed);
            foreach (var message in batch)
            {
                _answers.Writer.TryWrite((message.Id, false));
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    async Task AnswerLoopAsync()
    {
        while (await _answers.Reader.WaitToReadAsync())
        {
            var answers = new List<(long Id, bool Done)>();
            while (answers.Count < LeasedAtOnceMax && _answers.Reader.TryRead(out var answer))
            {
                answers.Add(answer);
            }
            try
            {
                await SendAsync(answers);
            }
#pragma warning disable CA1031 // As above: the lease runs out and the messages come again.
            catch (Exception failed)
#pragma warning restore CA1031
            {
                LogStoreUnreachable(_shelf.Consumer, _shelf.Topic, failed);
            }
        }
    }

    async Task SendAsync(List<(long Id, bool Done)> answers)
    {
        foreach (var (id, _) in answers)
        {
            _inHand.TryRemove(id, out _);
        }
        var done = answers.Where(answer => answer.Done).Select(answer => answer.Id).ToArray();
        var failed = answers.Where(answer => !answer.Done).Select(answer => answer.Id).ToArray();
        if (done.Length > 0)
        {
            await _shelf.AcknowledgeAsync(done, CancellationToken.None);
        }
        if (failed.Length > 0)
        {
            await _shelf.PutBackAsync(failed, CancellationToken.None);
        }
    }

    [LoggerMessage(1204, LogLevel.Warning, "Messages of {Consumer} on {Topic}: the database cannot be reached; it is tried again")]
    partial void LogStoreUnreachable(string consumer, string topic, Exception cause);

    [LoggerMessage(1221, LogLevel.Error, "{Count} messages of {Consumer} on {Topic} could not be handed over; they come again")]
    partial void LogNotHandled(string consumer, string topic, int count, Exception cause);
}
