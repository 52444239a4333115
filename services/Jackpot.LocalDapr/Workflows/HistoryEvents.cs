using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>Makes history events. What does not answer an action has event id -1.</summary>
static class HistoryEvents
{
    /// <summary>The fire time of a timer that never fires: an event is awaited without time-out.</summary>
    public const long NeverSeconds = 253402300799;

    public static HistoryEvent Create(DateTimeOffset now, int eventId = -1) => new() { EventId = eventId, Timestamp = now.ToTimestamp() };

    public static HistoryEvent With(this HistoryEvent e, Action<HistoryEvent> set)
    {
        set(e);
        return e;
    }

    public static HistoryEvent Raised(DateTimeOffset now, string name, string? input) =>
        Create(now).With(e => e.EventRaised = new EventRaisedEvent { Name = name, Input = input });

    public static HistoryEvent Terminated(DateTimeOffset now, string? output, bool recurse) =>
        Create(now).With(e => e.ExecutionTerminated = new ExecutionTerminatedEvent { Input = output, Recurse = recurse });

    public static HistoryEvent Suspended(DateTimeOffset now, string? reason) =>
        Create(now).With(e => e.ExecutionSuspended = new ExecutionSuspendedEvent { Input = reason });

    public static HistoryEvent Resumed(DateTimeOffset now, string? reason) =>
        Create(now).With(e => e.ExecutionResumed = new ExecutionResumedEvent { Input = reason });

    public static HistoryEvent TimerFired(DateTimeOffset now, HistoryEvent timer) =>
        Create(now).With(e => e.TimerFired = new TimerFiredEvent { FireAt = timer.TimerCreated.FireAt, TimerId = timer.EventId });

    public static HistoryEvent TaskEnded(DateTimeOffset now, HistoryEvent task, ActivityResponse response) => Create(now).With(e =>
    {
        if (response.FailureDetails is { } failure)
        {
            e.TaskFailed = new TaskFailedEvent { TaskScheduledId = task.EventId, FailureDetails = failure, TaskExecutionId = task.TaskScheduled.TaskExecutionId };
        }
        else
        {
            e.TaskCompleted = new TaskCompletedEvent { TaskScheduledId = task.EventId, Result = response.Result, TaskExecutionId = task.TaskScheduled.TaskExecutionId };
        }
    });

    /// <summary>What a parent learns of its child's end.</summary>
    public static HistoryEvent ChildEnded(DateTimeOffset now, int taskId, ExecutionCompletedEvent end) => Create(now).With(e =>
    {
        if (end.WorkflowStatus == OrchestrationStatus.Completed)
        {
            e.ChildWorkflowInstanceCompleted = new ChildWorkflowInstanceCompletedEvent { TaskScheduledId = taskId, Result = end.Result };
        }
        else
        {
            e.ChildWorkflowInstanceFailed = new ChildWorkflowInstanceFailedEvent { TaskScheduledId = taskId, FailureDetails = end.FailureDetails ?? FailureOf(end) };
        }
    });

    public static HistoryEvent ChildFailed(DateTimeOffset now, int taskId, string type, string message) => Create(now).With(e =>
        e.ChildWorkflowInstanceFailed = new ChildWorkflowInstanceFailedEvent
        {
            TaskScheduledId = taskId,
            FailureDetails = new TaskFailureDetails { ErrorType = type, ErrorMessage = message },
        });

    static TaskFailureDetails FailureOf(ExecutionCompletedEvent end) =>
        new() { ErrorType = end.WorkflowStatus.ToString(), ErrorMessage = $"the child workflow ended as {end.WorkflowStatus}: {end.Result}" };
}
