using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>What a worker's answer means: events for the history, and whether the instance ends, goes on or starts anew.</summary>
sealed class TurnOutcome
{
    readonly List<HistoryEvent> _events = [];

    public IReadOnlyList<HistoryEvent> Events => _events;

    /// <summary>Set when the instance has ended.</summary>
    public ExecutionCompletedEvent? End { get; private set; }

    /// <summary>Set when the instance continues as new.</summary>
    public CompleteWorkflowAction? ContinuesAsNew { get; private set; }

    /// <summary>Set when the worker does not know the version or its patches differ: the instance stalls.</summary>
    public string? Stalled { get; private set; }

    /// <exception cref="RejectedActionException">The answer holds an action that Dapr's engine does not implement.</exception>
    public static TurnOutcome Of(string instanceId, IEnumerable<HistoryEvent> history, WorkflowResponse response, IReadOnlyList<HistoryEvent> newEvents, DateTimeOffset now)
    {
        var outcome = new TurnOutcome();
        if (PatchesDiffer(history, response))
        {
            outcome.Stalled = "the worker's patches do not begin with those the history was made with";
            return outcome;
        }
        outcome.ContinuesAsNew = response.Actions.Select(action => action.CompleteWorkflow).FirstOrDefault(end => end?.WorkflowStatus == OrchestrationStatus.ContinuedAsNew);
        if (outcome.ContinuesAsNew is not null)
        {
            return outcome;
        }
        foreach (var action in response.Actions)
        {
            outcome.Apply(instanceId, action, now);
        }
        outcome.ForceTermination(newEvents, now);
        return outcome;
    }

    void Apply(string instanceId, WorkflowAction action, DateTimeOffset now)
    {
        var e = HistoryEvents.Create(now, action.Id);
        e.Router = action.Router;
        switch (action.WorkflowActionTypeCase)
        {
            case WorkflowAction.WorkflowActionTypeOneofCase.ScheduleTask:
                var task = action.ScheduleTask;
                e.TaskScheduled = new TaskScheduledEvent { Name = task.Name, Version = task.Version, Input = task.Input, TaskExecutionId = task.TaskExecutionId };
                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.CreateTimer:
                e.TimerCreated = TimerOf(action.CreateTimer);
                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.CreateChildWorkflow:
                var child = action.CreateChildWorkflow;
                var id = child.InstanceId.Length > 0 ? child.InstanceId : $"{instanceId}:{action.Id:x4}";
                e.ChildWorkflowInstanceCreated = new ChildWorkflowInstanceCreatedEvent { InstanceId = id, Name = child.Name, Version = child.Version, Input = child.Input };
                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.CompleteWorkflow:
                var end = action.CompleteWorkflow;
                End = e.ExecutionCompleted = new ExecutionCompletedEvent { WorkflowStatus = end.WorkflowStatus, Result = end.Result, FailureDetails = end.FailureDetails };
                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.WorkflowVersionNotAvailable:
                Stalled = "the worker does not know this version of the workflow";
                return;
            default:
                throw new RejectedActionException(action.WorkflowActionTypeCase.ToString());
        }
        _events.Add(e);
    }

    /// <summary>A worker that did not answer a termination is overruled.</summary>
    void ForceTermination(IReadOnlyList<HistoryEvent> newEvents, DateTimeOffset now)
    {
        if (End is not null || newEvents.FirstOrDefault(e => e.ExecutionTerminated is not null) is not { } terminated)
        {
            return;
        }
        _events.Clear();
        End = new ExecutionCompletedEvent { WorkflowStatus = OrchestrationStatus.Terminated, Result = terminated.ExecutionTerminated.Input };
        _events.Add(HistoryEvents.Create(now).With(e => e.ExecutionCompleted = End));
    }

    static bool PatchesDiffer(IEnumerable<HistoryEvent> history, WorkflowResponse response)
    {
        var decided = history.Where(e => e.WorkflowStarted?.Version is not null).SelectMany(e => e.WorkflowStarted.Version.Patches).Distinct().ToArray();
        var given = response.Version?.Patches.ToArray() ?? [];
        return decided.Length > given.Length || !decided.AsSpan().SequenceEqual(given.AsSpan(0, decided.Length));
    }

    static TimerCreatedEvent TimerOf(CreateTimerAction action)
    {
        var timer = new TimerCreatedEvent { FireAt = action.FireAt ?? new Timestamp() };
        if (action.HasName)
        {
            timer.Name = action.Name;
        }
        switch (action.OriginCase)
        {
            case CreateTimerAction.OriginOneofCase.CreateTimer: timer.CreateTimer = action.CreateTimer; break;
            case CreateTimerAction.OriginOneofCase.ExternalEvent: timer.ExternalEvent = action.ExternalEvent; break;
            case CreateTimerAction.OriginOneofCase.ActivityRetry: timer.ActivityRetry = action.ActivityRetry; break;
            case CreateTimerAction.OriginOneofCase.ChildWorkflowRetry: timer.ChildWorkflowRetry = action.ChildWorkflowRetry; break;
        }
        return timer;
    }
}

/// <summary>An action that Dapr's engine does not implement; the instance is stranded, loudly.</summary>
sealed class RejectedActionException(string action) : Exception($"the action {action} is not supported by the workflow engine");
