using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>Children are created after the commit that asks for them, and tell their parent after their own last one. Both are done again if a kill came between.</summary>
sealed class ChildWorkflows(WorkflowEngine engine, WorkflowEngines engines, TimeProvider clock)
{
    static readonly TimeSpan RedoDelay = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<(string InstanceId, int Generation, int Id), byte> _created = new();

    public void Start(WorkflowInstance parent, IReadOnlyCollection<HistoryEvent> children)
    {
        foreach (var child in children)
        {
            var key = (parent.Key.InstanceId, parent.Row.Generation, child.EventId);
            if (_created.TryAdd(key, 0))
            {
                _ = EnsureAsync(key, parent, child);
            }
        }
    }

    public async Task<bool> AnyActiveAsync(WorkflowInstance parent, CancellationToken cancellation)
    {
        foreach (var child in parent.Open.Children)
        {
            if (await engines.Target(engine, child.Router).LoadAsync(child.ChildWorkflowInstanceCreated.InstanceId, cancellation) is { Row.IsTerminal: false })
            {
                return true;
            }
        }
        return false;
    }

    public async Task TerminateAsync(IReadOnlyCollection<HistoryEvent> children, string? output, CancellationToken cancellation)
    {
        foreach (var child in children)
        {
            await engines.Target(engine, child.Router).AddEventAsync(
                child.ChildWorkflowInstanceCreated.InstanceId, HistoryEvents.Terminated(clock.GetUtcNow(), output, recurse: true), null, cancellation);
        }
    }

    /// <summary>Retried until it is stored; after a kill the parent asks for its children itself.</summary>
    public async Task TellParentAsync(WorkflowInstance child, ExecutionCompletedEvent end, CancellationToken cancellation)
    {
        if (child.Started?.ParentInstance is not { } parent)
        {
            return;
        }
        var home = engines.Find(parent.HasAppNamespace ? parent.AppNamespace : engine.Namespace, parent.HasAppID ? parent.AppID : engine.AppId) ?? engine;
        var parentId = parent.WorkflowInstance.InstanceId;
        while (true)
        {
            try
            {
                if (await home.LoadAsync(parentId, cancellation) is { } waiting && waiting.Open.HasChild(parent.TaskScheduledId, child.Key.InstanceId))
                {
                    await home.AddEventAsync(parentId, HistoryEvents.ChildEnded(clock.GetUtcNow(), parent.TaskScheduledId, end), waiting.Row.Generation, cancellation);
                }
                return;
            }
            catch (Npgsql.NpgsqlException)
            {
                await Task.Delay(RedoDelay, clock, cancellation);
            }
        }
    }

    async Task EnsureAsync((string InstanceId, int Generation, int Id) key, WorkflowInstance parent, HistoryEvent e)
    {
        try
        {
            while (!await TryEnsureAsync(key, parent, e))
            {
                await Task.Delay(RedoDelay, clock, engine.Stopping);
            }
        }
        catch (OperationCanceledException) when (engine.Stopping.IsCancellationRequested)
        {
            // The parent's history still holds the child.
        }
    }

    async Task<bool> TryEnsureAsync((string InstanceId, int Generation, int Id) key, WorkflowInstance parent, HistoryEvent e)
    {
        try
        {
            var wanted = e.ChildWorkflowInstanceCreated;
            var home = engines.Target(engine, e.Router);
            if (await home.LoadAsync(wanted.InstanceId, engine.Stopping) is { } existing && IsMine(existing, key))
            {
                if (existing.History.LastOrDefault(end => end.ExecutionCompleted is not null) is { } ended)
                {
                    await engine.AddEventAsync(key.InstanceId, HistoryEvents.ChildEnded(clock.GetUtcNow(), key.Id, ended.ExecutionCompleted), key.Generation, engine.Stopping);
                }
                return true;
            }
            var request = new CreateInstanceRequest { InstanceId = wanted.InstanceId, Name = wanted.Name, Version = wanted.Version, Input = wanted.Input };
            if (await home.CreateAsync(request, ParentOf(parent, key.Id), engine.Stopping) is { } created)
            {
                home.Advance(created);
                return true;
            }
            await engine.AddEventAsync(
                key.InstanceId, HistoryEvents.ChildFailed(clock.GetUtcNow(), key.Id, "AlreadyExists", WorkflowErrors.AlreadyExists(wanted.InstanceId)), key.Generation, engine.Stopping);
            return true;
        }
        catch (Exception later) when (later is Npgsql.NpgsqlException or WorkerLostException)
        {
            return false;
        }
    }

    static bool IsMine(WorkflowInstance child, (string InstanceId, int Generation, int Id) key) =>
        child.Started?.ParentInstance is { } parent && parent.TaskScheduledId == key.Id && parent.WorkflowInstance.InstanceId == key.InstanceId;

    ParentInstanceInfo ParentOf(WorkflowInstance parent, int taskId) => new()
    {
        TaskScheduledId = taskId,
        Name = parent.Row.Name,
        WorkflowInstance = parent.Started?.WorkflowInstance ?? new() { InstanceId = parent.Key.InstanceId },
        AppID = engine.AppId,
        AppNamespace = engine.Namespace,
    };
}
