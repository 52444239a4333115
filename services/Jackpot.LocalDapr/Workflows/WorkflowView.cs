using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>How an instance looks from outside.</summary>
static class WorkflowView
{
    public static Dapr.DurableTask.Protobuf.WorkflowState Of(WorkflowInstance instance, bool withPayloads)
    {
        var row = instance.Row;
        var started = instance.Started;
        var end = instance.History.LastOrDefault(e => e.ExecutionCompleted is not null);
        var view = new Dapr.DurableTask.Protobuf.WorkflowState
        {
            InstanceId = row.Key.InstanceId,
            Name = row.Name,
            Version = started?.Version,
            WorkflowStatus = row.Status,
            ScheduledStartTimestamp = started?.ScheduledStartTimestamp,
            CreatedTimestamp = row.Created.ToTimestamp(),
            LastUpdatedTimestamp = row.Updated.ToTimestamp(),
            CompletedTimestamp = end?.Timestamp,
            FailureDetails = end?.ExecutionCompleted.FailureDetails,
            ExecutionId = started?.WorkflowInstance?.ExecutionId,
            ParentInstanceId = started?.ParentInstance?.WorkflowInstance?.InstanceId,
            ParentAppId = started?.ParentInstance is { HasAppID: true } parent ? parent.AppID : null,
            StartedAt = instance.History.FirstOrDefault(e => e.WorkflowStarted is not null)?.Timestamp,
        };
        view.Tags.Add(started?.Tags ?? []);
        if (withPayloads)
        {
            view.Input = started?.Input;
            view.Output = end?.ExecutionCompleted.Result;
            view.CustomStatus = row.CustomStatus;
        }
        return view;
    }

    /// <summary>A history that ends with the event to run again; null when there is no such event.</summary>
    public static IReadOnlyList<HistoryEvent>? HistoryUpTo(WorkflowInstance source, RerunWorkflowFromEventRequest request, string newId)
    {
        var at = source.History.ToList().FindIndex(e => e.EventId == request.EventID
            && (e.TaskScheduled is not null || e.TimerCreated is not null || e.ChildWorkflowInstanceCreated is not null));
        if (at < 0)
        {
            return null;
        }
        var again = source.History[at].Clone();
        var parent = new RerunParentInstanceInfo { InstanceID = source.Key.InstanceId };
        if (again.TaskScheduled is { } task)
        {
            task.RerunParentInstanceInfo = parent;
            task.Input = request.OverwriteInput ? request.Input : task.Input;
        }
        else if (again.TimerCreated is { } timer)
        {
            timer.RerunParentInstanceInfo = parent;
        }
        else
        {
            var child = again.ChildWorkflowInstanceCreated;
            child.RerunParentInstanceInfo = parent;
            child.InstanceId = request.HasNewChildWorkflowInstanceID ? request.NewChildWorkflowInstanceID : Guid.NewGuid().ToString();
            child.Input = request.OverwriteInput ? request.Input : child.Input;
        }
        HistoryEvent[] history = [.. source.History.Take(at).Select(e => e.Clone()), again];
        if (history.FirstOrDefault(e => e.ExecutionStarted is not null)?.ExecutionStarted is { } started)
        {
            started.WorkflowInstance = new() { InstanceId = newId, ExecutionId = Guid.NewGuid().ToString("N") };
            started.ParentInstance = null;
        }
        return history;
    }
}
