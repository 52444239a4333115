using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>The workflows of one app: commits a turn, then acts; whatever is open after a kill is found again in the history.</summary>
sealed partial class WorkflowEngine : IDisposable
{
    static readonly TimeSpan RedoDelay = TimeSpan.FromSeconds(1);

    readonly Lock _lock = new();
    readonly CancellationTokenSource _stopping = new();
    readonly WorkflowEngines _engines;
    readonly PostgresWorkflowStore _store;
    readonly int _bytesMax;
    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly WorkflowInstances _instances;
    readonly WorkflowTimers _timers;
    readonly ActivityRunner _activities;
    readonly ChildWorkflows _children;
    Task? _open;

    public WorkflowEngine(string appNamespace, string appId, PostgresWorkflowStore store, int bytesMax, WorkflowEngines engines, TimeProvider clock, ILogger logger)
    {
        (Namespace, AppId, _store, _bytesMax, _engines, _clock, _logger) = (appNamespace, appId, store, bytesMax, engines, clock, logger);
        _instances = new WorkflowInstances(store, KeyOf, clock);
        _timers = new WorkflowTimers(this, clock);
        _activities = new ActivityRunner(this, engines, clock, logger);
        _children = new ChildWorkflows(this, engines, clock);
    }

    public string Namespace { get; }

    public string AppId { get; }

    public WorkerPool Workers { get; } = new();

    public PostgresWorkflowStore Store => _store;

    public CancellationToken Stopping => _stopping.Token;

    public WorkflowKey KeyOf(string instanceId) => new(Namespace, AppId, instanceId);

    public Task OpenAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            return _open ??= _store.OpenAsync(cancellation);
        }
    }

    /// <summary>A worker has come: what is unfinished goes on.</summary>
    public async Task ConnectAsync(WorkerStream stream, CancellationToken cancellation)
    {
        var isFirst = Workers.Count == 0;
        Workers.Add(stream);
        foreach (var instance in _instances.Stalled)
        {
            instance.IsStalled = false;
            Advance(instance);
        }
        if (isFirst)
        {
            foreach (var id in await _store.UnfinishedAsync(Namespace, AppId, cancellation))
            {
                if (await LoadAsync(id, cancellation) is { } instance)
                {
                    Advance(instance);
                }
            }
        }
    }

    /// <summary>Null when there is no such instance.</summary>
    public Task<WorkflowInstance?> LoadAsync(string instanceId, CancellationToken cancellation) => _instances.LoadAsync(instanceId, cancellation);

    /// <summary>Null when an active instance has this id.</summary>
    public Task<WorkflowInstance?> CreateAsync(CreateInstanceRequest request, ParentInstanceInfo? parent, CancellationToken cancellation) =>
        _instances.CreateAsync(request, parent, existing => _children.AnyActiveAsync(existing, cancellation), cancellation);

    /// <summary>Puts an instance with a ready-made history into place; null when an active one has its id.</summary>
    public Task<WorkflowInstance?> CreateAsync(WorkflowRow row, IReadOnlyList<HistoryEvent> history, CancellationToken cancellation) =>
        _instances.CreateAsync(row, history, cancellation);

    public Task DeleteAsync(string instanceId, CancellationToken cancellation) => _instances.DeleteAsync(instanceId, cancellation);

    /// <summary>Stores an event for an instance and lets it go on; false when there is no such instance. One that has ended takes no more events.</summary>
    public async Task<bool> AddEventAsync(string instanceId, HistoryEvent e, int? generation, CancellationToken cancellation)
    {
        if (await LoadAsync(instanceId, cancellation) is not { } instance)
        {
            return false;
        }
        if (!instance.Row.IsTerminal)
        {
            var stored = new StoredEvent(InboxSequence.Next(), e, generation);
            await _store.AddToInboxAsync(instance.Key, stored, cancellation);
            instance.Receive(stored);
            Advance(instance);
        }
        return true;
    }

    /// <summary>Starts whatever is open and not under way yet. Safe to call at any time.</summary>
    public void Advance(WorkflowInstance instance)
    {
        if (instance.Started?.ScheduledStartTimestamp?.ToDateTimeOffset() is { } start && instance.Row.Status == OrchestrationStatus.Pending && start > _clock.GetUtcNow())
        {
            _timers.ArmStart(instance, start);
            return;
        }
        if (instance.TryEnterTurn())
        {
            _ = RunTurnsAsync(instance);
        }
        else if (!instance.Row.IsTerminal)
        {
            Dispatch(instance);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _timers.Dispose();
    }

    void Dispatch(WorkflowInstance instance)
    {
        var open = instance.Open;
        _activities.Start(instance, open.Activities);
        _timers.Arm(instance, open.Timers);
        _children.Start(instance, open.Children);
    }

    async Task RunTurnsAsync(WorkflowInstance instance)
    {
        try
        {
            do
            {
                await TryTurnAsync(instance);
            }
            while (instance.GoesOn());
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
        _instances.Release(instance);
    }

    async Task TryTurnAsync(WorkflowInstance instance)
    {
        try
        {
            await TurnAsync(instance);
        }
        catch (WorkerLostException lost)
        {
            LogWorkerLost(instance.Key.InstanceId, lost.Message);
            await Task.Delay(RedoDelay, _clock, Stopping);
        }
        catch (RejectedActionException rejected)
        {
            LogRejected(instance.Key.InstanceId, rejected.Message);
            instance.IsStalled = true;
        }
        catch (Npgsql.NpgsqlException unreachable)
        {
            // Whether the commit happened is not known: what is stored says so.
            LogStoreUnreachable(instance.Key.InstanceId, unreachable);
            await Task.Delay(RedoDelay, _clock, Stopping);
            await TryRestoreAsync(instance);
        }
#pragma warning disable CA1031 // One broken instance, for example a message over the limit, must not take its engine along; it waits for the next worker.
        catch (Exception broken) when (broken is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogBroken(instance.Key.InstanceId, broken);
            instance.IsStalled = true;
        }
    }

    async Task TurnAsync(WorkflowInstance instance)
    {
        var result = await AskWorkerAsync(instance);
        if (instance.IsGone)
        {
            return;
        }
        if (result.RecursesTermination)
        {
            await _children.TerminateAsync(instance.Open.Children, result.End!.Result, Stopping);
        }
        if (!await _store.CommitAsync(result.Commit, Stopping))
        {
            await RestoreAsync(instance);
            return;
        }
        instance.IsStalled = result.Stalled is not null;
        instance.Apply(result.Commit);
        if (result.Stalled is { } reason)
        {
            LogStalled(instance.Key.InstanceId, reason);
        }
        if (result.End is { } end)
        {
            await _children.TellParentAsync(instance, end, Stopping);
        }
        else
        {
            Dispatch(instance);
        }
    }

    async Task<TurnResult> AskWorkerAsync(WorkflowInstance instance)
    {
        var startedAt = System.Diagnostics.Stopwatch.GetTimestamp();
        var done = false;
        try
        {
            var result = await new WorkflowTurn(instance, Workers, _bytesMax, _clock).RunAsync(Stopping);
            done = true;
            return result;
        }
        finally
        {
            _engines.Metrics.Of("dapr_runtime_workflow_execution", AppId, instance.Row.Name).Add(startedAt, done);
        }
    }

    /// <summary>While the store stays out of reach the instance keeps what it knows; the next commit's revision tells whether that is right.</summary>
    async Task TryRestoreAsync(WorkflowInstance instance)
    {
        try
        {
            await RestoreAsync(instance);
        }
        catch (Npgsql.NpgsqlException unreachable)
        {
            LogStoreUnreachable(instance.Key.InstanceId, unreachable);
        }
    }

    async Task RestoreAsync(WorkflowInstance instance)
    {
        if (await _store.LoadAsync(instance.Key, Stopping) is { } stored)
        {
            instance.Restore(stored);
        }
        else
        {
            instance.Vanish();
        }
    }

    [LoggerMessage(1603, LogLevel.Information, "Workflow {InstanceId}: {Cause}; the turn is redone")]
    partial void LogWorkerLost(string instanceId, string cause);

    [LoggerMessage(1604, LogLevel.Error, "Workflow {InstanceId} is stranded: {Cause}")]
    partial void LogRejected(string instanceId, string cause);

    [LoggerMessage(1605, LogLevel.Warning, "Workflow {InstanceId}: the state store cannot be reached; the turn is redone")]
    partial void LogStoreUnreachable(string instanceId, Exception cause);

    [LoggerMessage(1606, LogLevel.Warning, "Workflow {InstanceId} stalls: {Reason}")]
    partial void LogStalled(string instanceId, string reason);

    [LoggerMessage(1607, LogLevel.Error, "Workflow {InstanceId} cannot go on until a worker connects anew")]
    partial void LogBroken(string instanceId, Exception cause);
}
