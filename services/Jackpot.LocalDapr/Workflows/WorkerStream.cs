using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;
using Google.Protobuf;
using Grpc.Core;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>One open GetWorkItems stream and the items that wait for their completion call. When it closes they are given back.</summary>
sealed class WorkerStream(IServerStreamWriter<WorkItem> writer, string sidecar)
{
    // A worker that does not read for so long is given up for this item.
    static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    readonly SemaphoreSlim _writing = new(1);
    readonly ConcurrentDictionary<string, TaskCompletionSource<IMessage>> _pending = new();
    readonly CancellationTokenSource _closed = new();

    public string Sidecar => sidecar;

    public int Pending => _pending.Count;

    /// <summary>Sends an item and waits, without a limit of its own, for its completion.</summary>
    /// <exception cref="WorkerLostException">The stream closed, or the worker does not read.</exception>
    public async Task<IMessage> RunAsync(string key, WorkItem item, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<IMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_pending.TryAdd(key, done))
        {
            throw new WorkerLostException($"{key} is being worked on already");
        }
        try
        {
            using var closed = _closed.Token.UnsafeRegister(_ => done.TrySetException(new WorkerLostException("the worker's stream closed")), null);
            await SendAsync(item, cancellation);
            return await done.Task.WaitAsync(cancellation);
        }
        finally
        {
            _pending.TryRemove(key, out _);
        }
    }

    public bool TryComplete(string key, IMessage response) => _pending.TryGetValue(key, out var done) && done.TrySetResult(response);

    public void Close() => _closed.Cancel();

    async Task SendAsync(WorkItem item, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closed.Token);
        limit.CancelAfter(SendTimeout);
        try
        {
            await _writing.WaitAsync(limit.Token);
            await WriteAsync(item).WaitAsync(limit.Token);
        }
        catch (Exception lost) when (lost is OperationCanceledException or IOException or InvalidOperationException && !cancellation.IsCancellationRequested)
        {
            throw new WorkerLostException($"the worker did not take the item: {lost.Message}");
        }
    }

    /// <summary>Without a token: giving up one item must not break off the stream in the middle of a message.</summary>
    async Task WriteAsync(WorkItem item)
    {
        try
        {
            await writer.WriteAsync(item);
        }
        finally
        {
            _writing.Release();
        }
    }
}

/// <summary>Whoever worked on an item has gone; it is redone about a second later.</summary>
sealed class WorkerLostException(string message) : Exception(message);
