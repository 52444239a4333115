using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;
using Jackpot.LocalDapr.Faults;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>Runs activities, at least once: until its result is stored an activity is handed out again after every loss.</summary>
sealed partial class ActivityRunner(WorkflowEngine engine, WorkflowEngines engines, TimeProvider clock, ILogger logger)
{
    static readonly TimeSpan RedoDelay = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<(string InstanceId, int Generation, int Id), byte> _running = new();

    public void Start(WorkflowInstance instance, IReadOnlyCollection<HistoryEvent> activities)
    {
        foreach (var activity in activities)
        {
            var key = (instance.Key.InstanceId, instance.Row.Generation, activity.EventId);
            if (_running.TryAdd(key, 0))
            {
                _ = RunAsync(key, activity, RequestOf(instance, activity));
            }
        }
    }

    static ActivityRequest RequestOf(WorkflowInstance instance, HistoryEvent e) => new()
    {
        Name = e.TaskScheduled.Name,
        Version = e.TaskScheduled.Version,
        Input = e.TaskScheduled.Input,
        TaskId = e.EventId,
        TaskExecutionId = e.TaskScheduled.TaskExecutionId,
        ParentTraceContext = e.TaskScheduled.ParentTraceContext,
        WorkflowInstance = instance.Started?.WorkflowInstance ?? new() { InstanceId = instance.Key.InstanceId },
    };

    async Task RunAsync((string InstanceId, int Generation, int Id) key, HistoryEvent activity, ActivityRequest request)
    {
        try
        {
            var response = await AskInTurnAsync(key, activity, request);
            if (engines.Faults.Strike(FaultKind.ActivityTwice, engine.AppId, request.Name) is not null)
            {
                await AskAsync(key, activity, request);
            }
            while (response is not null && !await TryStoreAsync(key, activity, response))
            {
                await Task.Delay(RedoDelay, clock, engine.Stopping);
            }
        }
        catch (OperationCanceledException) when (engine.Stopping.IsCancellationRequested)
        {
            // The history still holds the activity.
        }
#pragma warning disable CA1031 // Nobody awaits this; the activity stays open and is handed out with the instance's next step.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            LogBroken(request.Name, key.InstanceId, broken);
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    async Task<ActivityResponse?> AskInTurnAsync((string InstanceId, int Generation, int Id) key, HistoryEvent activity, ActivityRequest request)
    {
        var startedAt = System.Diagnostics.Stopwatch.GetTimestamp();
        var done = false;
        try
        {
            var response = await AskAsync(key, activity, request);
            done = response is { FailureDetails: null };
            return response;
        }
        finally
        {
            engines.Metrics.Of("dapr_runtime_workflow_activity_execution", engine.AppId, request.Name).Add(startedAt, done);
        }
    }

    /// <summary>Null when the instance no longer waits for the result.</summary>
    async Task<ActivityResponse?> AskAsync((string InstanceId, int Generation, int Id) key, HistoryEvent activity, ActivityRequest request)
    {
        while (true)
        {
            try
            {
                return await engines.Target(engine, activity.Router).Workers.RunAsync<ActivityResponse>(
                    WorkItemKeys.Activity(key.InstanceId, key.Id), new WorkItem { ActivityRequest = request }, engine.Stopping);
            }
            catch (WorkerLostException lost)
            {
                LogRedone(request.Name, key.InstanceId, lost.Message);
                await Task.Delay(RedoDelay, clock, engine.Stopping);
            }
            if (await engine.LoadAsync(key.InstanceId, engine.Stopping) is not { } instance || instance.Row.IsTerminal || instance.Row.Generation != key.Generation)
            {
                return null;
            }
        }
    }

    async Task<bool> TryStoreAsync((string InstanceId, int Generation, int Id) key, HistoryEvent activity, ActivityResponse response)
    {
        try
        {
            await engine.AddEventAsync(key.InstanceId, HistoryEvents.TaskEnded(clock.GetUtcNow(), activity, response), key.Generation, engine.Stopping);
            return true;
        }
        catch (Npgsql.NpgsqlException unreachable)
        {
            LogStoreUnreachable(key.InstanceId, unreachable);
            return false;
        }
    }

    [LoggerMessage(1600, LogLevel.Information, "Activity {Name} of {InstanceId}: {Cause}; it is handed out again")]
    partial void LogRedone(string name, string instanceId, string cause);

    [LoggerMessage(1601, LogLevel.Warning, "The result of an activity of {InstanceId} cannot be stored yet")]
    partial void LogStoreUnreachable(string instanceId, Exception cause);

    [LoggerMessage(1602, LogLevel.Error, "Activity {Name} of {InstanceId} could not be handed out")]
    partial void LogBroken(string name, string instanceId, Exception cause);
}
