using System.Text.Json;
using Jackpot.Dapr.Workflows.Protocol;
using Microsoft.Extensions.Logging;
using Kind = Jackpot.Dapr.Workflows.Protocol.HistoryEvent.EventTypeOneofCase;

namespace Jackpot.Dapr.Workflows.Replay;

/// <summary>
/// One step of one instance: runs the workflow's code through its history, then through what is new, and answers with the actions that are new.
/// Everything happens on the calling thread. Source of the rules: the engine of Dapr 1.18 (durabletask-go v0.12.4).
/// </summary>
internal sealed class WorkflowReplay
{
    readonly WorkflowRequest _request;
    readonly WorkflowRuntimeOptions _options;
    readonly IServiceProvider _services;
    readonly TurnContext _context;
    readonly Queue<HistoryEvent> _heldBack = new();
    Task<object?>? _execution;
    CompleteWorkflowAction? _end;
    bool _suspended;

    WorkflowReplay(WorkflowRequest request, WorkflowRuntimeOptions options, IServiceProvider services, ILoggerFactory loggers)
    {
        _request = request;
        _options = options;
        _services = services;
        _context = new TurnContext(request, options.JsonSerializerOptions, loggers);
    }

    public static WorkflowResponse Run(
        WorkflowRequest request, string completionToken, WorkflowRuntimeOptions options, IServiceProvider services, ILoggerFactory loggers)
    {
        // Without a synchronization context every await continues where its task is completed, which is here.
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return new WorkflowReplay(request, options, services, loggers).Run(completionToken);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    WorkflowResponse Run(string completionToken)
    {
        try
        {
            foreach (var happened in _request.PastEvents)
            {
                Process(happened, replaying: true);
            }

            foreach (var happened in _request.NewEvents)
            {
                Process(happened, replaying: false);
            }

            EnsureSomethingIsAwaited();
        }
        catch (NonDeterminismException difference)
        {
            _end = Failed(WorkflowTaskFailureDetails.Of(difference) with { IsNonRetriable = true });
            return Answer(completionToken, [EndAction()]);
        }

        return Answer(completionToken, NewActions());
    }

    void Process(HistoryEvent happened, bool replaying)
    {
        switch (happened.EventTypeCase)
        {
            case Kind.WorkflowStarted:
                StartStep(happened, replaying);
                break;
            case Kind.ExecutionSuspended:
                _suspended = true;
                break;
            case Kind.ExecutionResumed:
                Resume();
                break;
            case Kind.ExecutionTerminated:
                Terminate(happened.ExecutionTerminated);
                break;
            case Kind.TaskScheduled or Kind.TimerCreated or Kind.ChildWorkflowInstanceCreated:
                Confirm(happened);
                break;
            default:
                Handle(happened);
                break;
        }
    }

    void StartStep(HistoryEvent started, bool replaying)
    {
        // A step that ended suspended gave no actions; they come when it is resumed.
        if (_execution is not null && _end is null && !_suspended)
        {
            _context.Actions.EnsureAllConfirmed();
        }

        _context.StartStep(started.Timestamp?.ToDateTime() ?? DateTime.UnixEpoch, replaying);
    }

    void Confirm(HistoryEvent happened)
    {
        if (_end is null)
        {
            _context.Actions.Confirm(happened);
        }
    }

    void Resume()
    {
        _suspended = false;
        while (!_suspended && _heldBack.TryDequeue(out var held))
        {
            Handle(held);
        }
    }

    void Handle(HistoryEvent happened)
    {
        if (_suspended)
        {
            _heldBack.Enqueue(happened);
            return;
        }

        switch (happened.EventTypeCase)
        {
            case Kind.ExecutionStarted:
                Start(happened.ExecutionStarted);
                break;
            case Kind.EventRaised:
                _context.Inbox.Raise(happened);
                break;
            case Kind.TaskCompleted:
                _context.Actions.TakeOpen(happened.TaskCompleted.TaskScheduledId)?.Complete(happened.TaskCompleted.Result);
                break;
            case Kind.TaskFailed:
                Fail(happened.TaskFailed.TaskScheduledId, happened.TaskFailed.FailureDetails);
                break;
            case Kind.ChildWorkflowInstanceCompleted:
                _context.Actions.TakeOpen(happened.ChildWorkflowInstanceCompleted.TaskScheduledId)?.Complete(happened.ChildWorkflowInstanceCompleted.Result);
                break;
            case Kind.ChildWorkflowInstanceFailed:
                Fail(happened.ChildWorkflowInstanceFailed.TaskScheduledId, happened.ChildWorkflowInstanceFailed.FailureDetails);
                break;
            case Kind.TimerFired:
                _context.Actions.TakeOpen(happened.TimerFired.TimerId)?.Complete(null);
                break;
            default:
                // The other events tell about the instance, not to it.
                break;
        }

        NoticeEnd();
    }

    void Fail(int id, TaskFailureDetails details) => _context.Actions.TakeOpen(id)?.Fail(WorkflowTaskFailureDetails.Of(details));

    void Start(ExecutionStartedEvent started)
    {
        if (_execution is not null)
        {
            return;
        }

        _context.StartExecution(started.Name);
        if (_options.FindWorkflow(started.Name) is not { } factory)
        {
            _end = Failed(new WorkflowTaskFailureDetails("WorkflowNotFound", $"No workflow is registered under the name '{started.Name}'.", IsNonRetriable: true));
            return;
        }

        _execution = ExecuteAsync(factory, started.Input);
    }

    async Task<object?> ExecuteAsync(Func<IServiceProvider, IWorkflow> factory, string? input)
    {
        var workflow = factory(_services);
        return await workflow.RunAsync(_context, WorkflowJson.Read(input, workflow.InputType, _options.JsonSerializerOptions));
    }

    void NoticeEnd()
    {
        if (_end is not null || _execution is not { IsCompleted: true } execution)
        {
            return;
        }

        if (execution.Exception?.InnerException is NonDeterminismException difference)
        {
            throw difference;
        }

        if (!execution.IsCompletedSuccessfully)
        {
            _end = Failed(WorkflowTaskFailureDetails.Of(execution.Exception?.InnerException ?? new TaskCanceledException(execution)));
            return;
        }

        _end = _context.Continuation is null
            ? new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.Completed, Result = WorkflowJson.Write(execution.Result, _options.JsonSerializerOptions) }
            : new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.ContinuedAsNew, Result = _context.Continuation.Input };
    }

    void Terminate(ExecutionTerminatedEvent terminated)
    {
        if (_end is null or { WorkflowStatus: OrchestrationStatus.ContinuedAsNew })
        {
            _suspended = false;
            _end = new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.Terminated, Result = terminated.Input };
        }
    }

    void EnsureSomethingIsAwaited()
    {
        if (_execution is { IsCompleted: false } && _end is null && !_suspended && !_context.AnythingAwaited)
        {
            throw new NonDeterminismException(
                $"Workflow '{_context.Name}' awaits something that its context did not give, so nothing can wake it. Move I/O, Task.Delay and Task.Run into an activity.");
        }
    }

    List<WorkflowAction> NewActions()
    {
        if (_end is null)
        {
            return _suspended ? [] : [.. _context.Actions.Unconfirmed];
        }

        return _end.WorkflowStatus is OrchestrationStatus.Completed or OrchestrationStatus.Failed
            ? [.. _context.Actions.Unconfirmed, EndAction()]
            : [EndAction()];
    }

    WorkflowAction EndAction()
    {
        if (_end!.WorkflowStatus == OrchestrationStatus.ContinuedAsNew && _context.Continuation!.PreserveUnprocessedEvents)
        {
            _end.CarryoverEvents.AddRange(_context.Inbox.Kept);
        }

        return new WorkflowAction { Id = _context.Actions.NextId, CompleteWorkflow = _end };
    }

    WorkflowResponse Answer(string completionToken, List<WorkflowAction> actions) => new()
    {
        InstanceId = _request.InstanceId,
        CompletionToken = completionToken,
        CustomStatus = _context.CustomStatus,
        Version = _context.Patches.ToWire(),
        Actions = { actions },
    };

    static CompleteWorkflowAction Failed(WorkflowTaskFailureDetails details) =>
        new() { WorkflowStatus = OrchestrationStatus.Failed, FailureDetails = details.ToWire() };
}
