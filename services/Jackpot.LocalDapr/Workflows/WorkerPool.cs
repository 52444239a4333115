using Dapr.DurableTask.Protobuf;
using Google.Protobuf;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>The open worker streams of one app. Items go to any of them, in turn; without one they wait.</summary>
sealed class WorkerPool
{
    readonly Lock _lock = new();
    readonly List<WorkerStream> _streams = [];
    readonly List<WorkerStream> _working = [];
    TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _next;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _streams.Count;
            }
        }
    }

    public int CountOf(string sidecar)
    {
        lock (_lock)
        {
            return _streams.Count(stream => stream.Sidecar == sidecar);
        }
    }

    public void Add(WorkerStream stream)
    {
        lock (_lock)
        {
            _streams.Add(stream);
            _working.Add(stream);
            _arrived.TrySetResult();
        }
    }

    public void Remove(WorkerStream stream)
    {
        lock (_lock)
        {
            _streams.Remove(stream);
            _working.Remove(stream);
            AwaitNextIfNoneWorks();
        }
        stream.Close();
    }

    /// <summary>A fault switch: it stays open and counted, and is handed nothing more.</summary>
    public void Stall(WorkerStream stream)
    {
        lock (_lock)
        {
            _working.Remove(stream);
            AwaitNextIfNoneWorks();
        }
    }

    void AwaitNextIfNoneWorks()
    {
        if (_working.Count == 0 && _arrived.Task.IsCompleted)
        {
            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <exception cref="WorkerLostException">The worker has gone before it answered.</exception>
    public async Task<T> RunAsync<T>(string key, WorkItem item, CancellationToken cancellation)
        where T : class, IMessage
    {
        while (true)
        {
            var (stream, arrived) = Take();
            if (stream is not null)
            {
                return (T)await stream.RunAsync(key, item, cancellation);
            }
            await arrived.WaitAsync(cancellation);
        }
    }

    /// <summary>False when nobody waits for it: a late or repeated completion, which is ignored.</summary>
    public bool TryComplete(string key, IMessage response)
    {
        lock (_lock)
        {
            return _streams.Any(stream => stream.TryComplete(key, response));
        }
    }

    (WorkerStream? Stream, Task Arrived) Take()
    {
        lock (_lock)
        {
            return _working.Count == 0 ? (null, _arrived.Task) : (_working[(_next++ & int.MaxValue) % _working.Count], _arrived.Task);
        }
    }
}
