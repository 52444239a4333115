using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Jackpot.Dapr.Conformance.Workflows;

/// <summary>A task, child or activity that failed.</summary>
sealed class TaskFailure(TaskFailureDetails details) : Exception($"{details.ErrorType}: {details.ErrorMessage}")
{
    public TaskFailureDetails Details => details;
}

/// <summary>A workflow as a function from JSON to JSON.</summary>
delegate Task<string?> WorkflowCode(Turn turn, string input);

/// <summary>
/// One turn of a workflow: its code runs anew over all events of the instance, and what history does not confirm are the new actions. Everything
/// happens on the caller's thread: whatever the code awaits goes on at once, inside the event that completes it.
/// </summary>
sealed class Turn(string instanceId, IReadOnlyDictionary<string, WorkflowCode> workflows)
{
    readonly Dictionary<int, TaskCompletionSource<string?>> _open = [];
    readonly SortedDictionary<int, WorkflowAction> _actions = [];
    readonly List<(string Name, TaskCompletionSource<string?> Wait)> _waits = [];
    readonly List<HistoryEvent> _inbox = [];
    readonly List<HistoryEvent> _held = [];
    DateTime _now;
    Task<string?>? _run;
    string? _next;
    string? _status;
    string? _terminated;
    bool _isSuspended;
    int _ids;

    public string InstanceId => instanceId;

    public static WorkflowResponse Run(WorkflowRequest request, IReadOnlyDictionary<string, WorkflowCode> workflows)
    {
        var turn = new Turn(request.InstanceId, workflows);
        foreach (var happened in request.PastEvents.Concat(request.NewEvents))
        {
            turn.Apply(happened);
        }
        return turn.Response();
    }

    public Task<string?> Call(string activity, string input) => Call(activity, input, null);

    /// <summary>As SDKs do it: a timer between the tries, one execution id for all of them.</summary>
    public async Task<string?> CallWithRetry(string activity, string input, int triesMax, TimeSpan delay)
    {
        var executionId = $"{instanceId}/{_ids}";
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Call(activity, input, executionId);
            }
            catch (TaskFailure) when (attempt < triesMax)
            {
                await Add(new WorkflowAction { CreateTimer = new() { FireAt = Timestamp.FromDateTime(_now + delay), ActivityRetry = new() { TaskExecutionId = executionId } } });
            }
        }
    }

    public Task Timer(TimeSpan delay) => Add(new WorkflowAction { CreateTimer = new() { FireAt = Timestamp.FromDateTime(_now + delay), CreateTimer = new() } });

    public Task<string?> Child(string workflow, string input, string? id) =>
        Add(new WorkflowAction { CreateChildWorkflow = new() { Name = workflow, Input = input, InstanceId = id ?? $"{instanceId}-child-{_ids}" } });

    /// <summary>The next event of this name, whatever its case; one that came before is taken first.</summary>
    public Task<string?> Event(string name)
    {
        if (_inbox.Find(raised => IsCalled(raised, name)) is { } early)
        {
            _inbox.Remove(early);
            return Task.FromResult<string?>(early.EventRaised.Input);
        }
        var wait = new TaskCompletionSource<string?>();
        _waits.Add((name, wait));
        return wait.Task;
    }

    /// <summary>Null when the event does not come in time.</summary>
    public async Task<string?> Event(string name, TimeSpan within)
    {
        var raised = Event(name);
        var late = Add(new WorkflowAction { CreateTimer = new() { FireAt = Timestamp.FromDateTime(_now + within), ExternalEvent = new() { Name = name } } });
        return await Task.WhenAny(raised, late) == raised ? await raised : null;
    }

    public void SetStatus(string json) => _status = json;

    public void ContinueAsNew(string input) => _next = input;

    Task<string?> Call(string activity, string input, string? executionId) =>
        Add(new WorkflowAction { ScheduleTask = new() { Name = activity, Input = input, TaskExecutionId = executionId ?? $"{instanceId}/{_ids}" } });

    Task<string?> Add(WorkflowAction action)
    {
        action.Id = _ids++;
        _actions[action.Id] = action;
        var open = _open[action.Id] = new TaskCompletionSource<string?>();
        return open.Task;
    }

    void Apply(HistoryEvent happened)
    {
        if (_isSuspended && happened.ExecutionResumed is null && happened.ExecutionTerminated is null)
        {
            _held.Add(happened);
            return;
        }
        switch (happened.EventTypeCase)
        {
            case HistoryEvent.EventTypeOneofCase.WorkflowStarted:
                _now = happened.Timestamp.ToDateTime();
                break;
            case HistoryEvent.EventTypeOneofCase.ExecutionStarted:
                _run = Start(happened.ExecutionStarted);
                break;
            case HistoryEvent.EventTypeOneofCase.TaskScheduled or HistoryEvent.EventTypeOneofCase.TimerCreated or HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCreated:
                _actions.Remove(happened.EventId);
                break;
            case HistoryEvent.EventTypeOneofCase.TaskCompleted:
                Succeed(happened.TaskCompleted.TaskScheduledId, happened.TaskCompleted.Result);
                break;
            case HistoryEvent.EventTypeOneofCase.TaskFailed:
                Fail(happened.TaskFailed.TaskScheduledId, happened.TaskFailed.FailureDetails);
                break;
            case HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCompleted:
                Succeed(happened.ChildWorkflowInstanceCompleted.TaskScheduledId, happened.ChildWorkflowInstanceCompleted.Result);
                break;
            case HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceFailed:
                Fail(happened.ChildWorkflowInstanceFailed.TaskScheduledId, happened.ChildWorkflowInstanceFailed.FailureDetails);
                break;
            case HistoryEvent.EventTypeOneofCase.TimerFired:
                Succeed(happened.TimerFired.TimerId, null);
                break;
            case HistoryEvent.EventTypeOneofCase.EventRaised:
                Raise(happened);
                break;
            case HistoryEvent.EventTypeOneofCase.ExecutionSuspended:
                _isSuspended = true;
                break;
            case HistoryEvent.EventTypeOneofCase.ExecutionResumed:
                Resume();
                break;
            case HistoryEvent.EventTypeOneofCase.ExecutionTerminated:
                _terminated = happened.ExecutionTerminated.Input ?? "";
                break;
        }
    }

    async Task<string?> Start(ExecutionStartedEvent started) => workflows.TryGetValue(started.Name, out var code)
        ? await code(this, started.Input ?? "null")
        : throw new TaskFailure(new TaskFailureDetails { ErrorType = "WorkflowNotFound", ErrorMessage = $"no workflow is called {started.Name}", IsNonRetriable = true });

    void Succeed(int id, string? result) => _open.GetValueOrDefault(id)?.TrySetResult(result);

    void Fail(int id, TaskFailureDetails details) => _open.GetValueOrDefault(id)?.TrySetException(new TaskFailure(details));

    void Raise(HistoryEvent raised)
    {
        var at = _waits.FindIndex(wait => IsCalled(raised, wait.Name));
        if (at < 0)
        {
            _inbox.Add(raised);
            return;
        }
        var wait = _waits[at].Wait;
        _waits.RemoveAt(at);
        wait.TrySetResult(raised.EventRaised.Input);
    }

    void Resume()
    {
        _isSuspended = false;
        var held = _held.ToList();
        _held.Clear();
        held.ForEach(Apply);
    }

    WorkflowResponse Response()
    {
        var response = new WorkflowResponse { InstanceId = instanceId, CustomStatus = _status };
        if (_terminated is null && _isSuspended)
        {
            return response;
        }
        if (_terminated is null && _run is not { IsCompleted: true })
        {
            response.Actions.AddRange(_actions.Values);
            return response;
        }
        response.Actions.Add(new WorkflowAction { Id = _ids, CompleteWorkflow = Completion() });
        return response;
    }

    CompleteWorkflowAction Completion() => this switch
    {
        { _terminated: { } output } => new() { WorkflowStatus = OrchestrationStatus.Terminated, Result = output },
        { _run.Exception: { } failed } => new() { WorkflowStatus = OrchestrationStatus.Failed, FailureDetails = DetailsOf(failed.InnerException!) },
        { _next: { } next } => new() { WorkflowStatus = OrchestrationStatus.ContinuedAsNew, Result = next, CarryoverEvents = { _inbox } },
        _ => new() { WorkflowStatus = OrchestrationStatus.Completed, Result = _run!.Result },
    };

    public static TaskFailureDetails DetailsOf(Exception failed) => failed is TaskFailure { Details: { IsNonRetriable: true } details }
        ? details
        : new TaskFailureDetails { ErrorType = failed.GetType().FullName, ErrorMessage = failed.Message };

    static bool IsCalled(HistoryEvent raised, string name) => raised.EventRaised.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
