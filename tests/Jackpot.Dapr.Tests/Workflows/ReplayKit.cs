using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Jackpot.Dapr.Workflows;
using Jackpot.Dapr.Workflows.Protocol;
using Jackpot.Dapr.Workflows.Replay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jackpot.Dapr.Tests.Workflows;

/// <summary>
/// The engine's part of the protocol in memory: it keeps the history, makes the events of each answer's actions and sends the whole history
/// with every step, as Dapr 1.18 does.
/// </summary>
sealed class ReplayKit
{
    readonly IServiceProvider _services = new ServiceCollection().BuildServiceProvider();

    public ReplayKit(Func<WorkflowContext, string?, Task<string?>> workflow, object? input = null)
    {
        Options.RegisterWorkflow("W", workflow);
        Input = input;
    }

    public WorkflowRuntimeOptions Options { get; private set; } = new();

    public object? Input { get; }

    public List<HistoryEvent> History { get; } = [];

    public DateTime Now { get; set; } = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public CompleteWorkflowAction? End { get; private set; }

    public string? Result => End is null || End.Result is null ? End?.Result : JsonSerializer.Deserialize<string>(End.Result);

    public WorkflowResponse Start() => Step(Started());

    /// <summary>Replaces the code under a running instance.</summary>
    public void Deploy(Func<WorkflowContext, string?, Task<string?>> workflow)
    {
        Options = new WorkflowRuntimeOptions();
        Options.RegisterWorkflow("W", workflow);
    }

    public WorkflowResponse Step(params HistoryEvent[] happened)
    {
        var request = new WorkflowRequest { InstanceId = "i-1", PastEvents = { History } };
        request.NewEvents.Add(At(new HistoryEvent { EventId = -1, WorkflowStarted = new WorkflowStartedEvent() }));
        request.NewEvents.AddRange(happened.Select(At));
        var response = WorkflowReplay.Run(request, "token", Options, _services, NullLoggerFactory.Instance);
        if (response.Version is { } version)
        {
            request.NewEvents[0].WorkflowStarted.Version = version;
        }

        History.AddRange(request.NewEvents);
        foreach (var action in response.Actions)
        {
            Apply(action);
        }

        Now = Now.AddSeconds(1);
        return response;
    }

    public HistoryEvent Started(string name = "W") => new()
    {
        EventId = -1,
        ExecutionStarted = new ExecutionStartedEvent { Name = name, Input = Input is null ? null : JsonSerializer.Serialize(Input) },
    };

    public static HistoryEvent Done(int id, object? result = null) => new()
    {
        EventId = -1, TaskCompleted = new TaskCompletedEvent { TaskScheduledId = id, Result = JsonSerializer.Serialize(result) },
    };

    public static HistoryEvent Failed(int id, string type = "E", bool nonRetriable = false) => new()
    {
        EventId = -1,
        TaskFailed = new TaskFailedEvent { TaskScheduledId = id, FailureDetails = new TaskFailureDetails { ErrorType = type, ErrorMessage = "broke", IsNonRetriable = nonRetriable } },
    };

    public static HistoryEvent Fired(int id) => new() { EventId = -1, TimerFired = new TimerFiredEvent { TimerId = id } };

    public static HistoryEvent Raised(string name, object? input = null) => new()
    {
        EventId = -1, EventRaised = new EventRaisedEvent { Name = name, Input = JsonSerializer.Serialize(input) },
    };

    public static HistoryEvent ChildDone(int id, object? result) => new()
    {
        EventId = -1, ChildWorkflowInstanceCompleted = new ChildWorkflowInstanceCompletedEvent { TaskScheduledId = id, Result = JsonSerializer.Serialize(result) },
    };

    public static HistoryEvent ChildFailed(int id) => new()
    {
        EventId = -1,
        ChildWorkflowInstanceFailed = new ChildWorkflowInstanceFailedEvent { TaskScheduledId = id, FailureDetails = new TaskFailureDetails { ErrorType = "E", ErrorMessage = "child broke" } },
    };

    public static HistoryEvent Suspended() => new() { EventId = -1, ExecutionSuspended = new ExecutionSuspendedEvent() };

    public static HistoryEvent Resumed() => new() { EventId = -1, ExecutionResumed = new ExecutionResumedEvent() };

    public static HistoryEvent Terminated(string output) => new() { EventId = -1, ExecutionTerminated = new ExecutionTerminatedEvent { Input = output } };

    HistoryEvent At(HistoryEvent happened)
    {
        happened.Timestamp = Timestamp.FromDateTime(Now);
        return happened;
    }

    void Apply(WorkflowAction action)
    {
        var happened = new HistoryEvent { EventId = action.Id };
        switch (action.WorkflowActionTypeCase)
        {
            case WorkflowAction.WorkflowActionTypeOneofCase.ScheduleTask:
                happened.TaskScheduled = new TaskScheduledEvent
                {
                    Name = action.ScheduleTask.Name, Input = action.ScheduleTask.Input, TaskExecutionId = action.ScheduleTask.TaskExecutionId,
                };
                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.CreateTimer:
                happened.TimerCreated = new TimerCreatedEvent { FireAt = action.CreateTimer.FireAt };
                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.CreateChildWorkflow:
                happened.ChildWorkflowInstanceCreated = new ChildWorkflowInstanceCreatedEvent
                {
                    Name = action.CreateChildWorkflow.Name, InstanceId = action.CreateChildWorkflow.InstanceId,
                };
                break;
            default:
                End = action.CompleteWorkflow;
                return;
        }

        History.Add(At(happened));
    }
}
