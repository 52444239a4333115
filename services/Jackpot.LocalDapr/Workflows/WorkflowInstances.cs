using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>The instances of one app, in memory as far as they are unfinished, else in the store. Creating, loading and deleting one id take turns.</summary>
sealed class WorkflowInstances(PostgresWorkflowStore store, Func<string, WorkflowKey> keyOf, TimeProvider clock)
{
    const int LocksCount = 64;

    // More unfinished instances than this are not all kept in memory; the rest is loaded when something happens to it.
    const int LoadedMax = 10_000;

    readonly ConcurrentDictionary<string, WorkflowInstance> _loaded = new(StringComparer.Ordinal);
    readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, LocksCount).Select(_ => new SemaphoreSlim(1))];

    public IEnumerable<WorkflowInstance> Stalled => _loaded.Values.Where(instance => instance.IsStalled);

    /// <summary>Lets go of an instance that has ended, or that waits while too many are in memory.</summary>
    public void Release(WorkflowInstance instance)
    {
        if (instance.Row.IsTerminal || (_loaded.Count > LoadedMax && instance.Inbox.Count == 0))
        {
            _loaded.TryRemove(new KeyValuePair<string, WorkflowInstance>(instance.Key.InstanceId, instance));
        }
    }

    /// <summary>From memory, or from the store; null when there is no such instance. One that has ended is not kept.</summary>
    public async Task<WorkflowInstance?> LoadAsync(string instanceId, CancellationToken cancellation)
    {
        if (_loaded.TryGetValue(instanceId, out var known))
        {
            return known;
        }
        using var hold = await HoldAsync(instanceId, cancellation);
        return await LoadHeldAsync(instanceId, cancellation);
    }

    /// <summary>Creates an instance; null when an active one has this id, or an ended one whose children are not all at their end.</summary>
    public async Task<WorkflowInstance?> CreateAsync(
        CreateInstanceRequest request, ParentInstanceInfo? parent, Func<WorkflowInstance, Task<bool>> hasActiveChildren, CancellationToken cancellation)
    {
        using var hold = await HoldAsync(request.InstanceId, cancellation);
        if (await LoadHeldAsync(request.InstanceId, cancellation) is { } existing)
        {
            if (!existing.Row.IsTerminal || await hasActiveChildren(existing))
            {
                return null;
            }
        }
        var now = clock.GetUtcNow();
        var row = new WorkflowRow(keyOf(request.InstanceId), request.Name, OrchestrationStatus.Pending, 0, null, now, now, 0);
        var started = new StoredEvent(InboxSequence.Next(), StartedEvent(request, parent, keyOf(request.InstanceId).AppId, now));
        await store.CreateAsync(row, [], [started], cancellation);
        return _loaded[request.InstanceId] = new WorkflowInstance(new StoredWorkflow(row, [], [started]));
    }

    /// <summary>Puts an instance with a ready-made history into place, as a rerun does.</summary>
    public async Task<WorkflowInstance?> CreateAsync(WorkflowRow row, IReadOnlyList<HistoryEvent> history, CancellationToken cancellation)
    {
        using var hold = await HoldAsync(row.Key.InstanceId, cancellation);
        if (await LoadHeldAsync(row.Key.InstanceId, cancellation) is { } existing && !existing.Row.IsTerminal)
        {
            return null;
        }
        StoredEvent[] stored = [.. history.Select((e, i) => new StoredEvent(i + 1, e))];
        await store.CreateAsync(row, stored, [], cancellation);
        return _loaded[row.Key.InstanceId] = new WorkflowInstance(new StoredWorkflow(row, stored, []));
    }

    public async Task DeleteAsync(string instanceId, CancellationToken cancellation)
    {
        using var hold = await HoldAsync(instanceId, cancellation);
        if (_loaded.TryRemove(instanceId, out var instance))
        {
            instance.Vanish();
        }
        await store.DeleteAsync(keyOf(instanceId), cancellation);
    }

    async Task<WorkflowInstance?> LoadHeldAsync(string instanceId, CancellationToken cancellation)
    {
        if (_loaded.TryGetValue(instanceId, out var known))
        {
            return known;
        }
        if (await store.LoadAsync(keyOf(instanceId), cancellation) is not { } stored)
        {
            return null;
        }
        var instance = new WorkflowInstance(stored);
        return instance.Row.IsTerminal ? instance : _loaded[instanceId] = instance;
    }

    async Task<Held> HoldAsync(string instanceId, CancellationToken cancellation)
    {
        var hold = _locks[(uint)string.GetHashCode(instanceId, StringComparison.Ordinal) % LocksCount];
        await hold.WaitAsync(cancellation);
        return new Held(hold);
    }

    static HistoryEvent StartedEvent(CreateInstanceRequest request, ParentInstanceInfo? parent, string appId, DateTimeOffset now) => HistoryEvents.Create(now).With(e =>
    {
        e.ExecutionStarted = new ExecutionStartedEvent
        {
            Name = request.Name,
            Version = request.Version,
            Input = request.Input,
            ScheduledStartTimestamp = request.ScheduledStartTimestamp,
            ParentInstance = parent,
            ParentTraceContext = request.ParentTraceContext,
            WorkflowInstance = new Dapr.DurableTask.Protobuf.WorkflowInstance
            {
                InstanceId = request.InstanceId,
                ExecutionId = request.ExecutionId ?? Guid.NewGuid().ToString("N"),
            },
        };
        e.ExecutionStarted.Tags.Add(request.Tags);
        e.Router = new TaskRouter { SourceAppID = parent?.AppID is { Length: > 0 } source ? source : appId };
    });

    readonly struct Held(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
