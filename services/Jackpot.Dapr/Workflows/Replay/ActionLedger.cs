using Google.Protobuf.WellKnownTypes;
using Jackpot.Dapr.Workflows.Protocol;

namespace Jackpot.Dapr.Workflows.Replay;

/// <summary>
/// The actions that the code has produced, numbered in program order. The history confirms them one by one; what it does not confirm is
/// new and goes into the answer. Everything else is a difference between code and history.
/// </summary>
internal sealed class ActionLedger
{
    /// <summary>An endless wait for an event is written as a timer at this instant, 9999-12-31T23:59:59.999999999Z.</summary>
    public static readonly Timestamp Endless = new() { Seconds = 253402300799, Nanos = 999999999 };

    readonly SortedDictionary<int, WorkflowAction> _unconfirmed = [];
    readonly Dictionary<int, OpenTask> _open = [];

    public int NextId { get; private set; }

    public bool AnythingOpen => _open.Count > 0;

    public IEnumerable<WorkflowAction> Unconfirmed => _unconfirmed.Values;

    public OpenTask Add(WorkflowAction action, OpenTask task)
    {
        action.Id = NextId++;
        task.Id = action.Id;
        _unconfirmed.Add(action.Id, action);
        _open.Add(action.Id, task);
        return task;
    }

    /// <summary>The engine does not take an action back; whatever comes for it later finds nobody.</summary>
    public void Forget(OpenTask task) => _open.Remove(task.Id);

    /// <summary>A result may come twice, or for an action nobody waits for any more.</summary>
    public OpenTask? TakeOpen(int id) => _open.Remove(id, out var task) ? task : null;

    public void Confirm(HistoryEvent happened)
    {
        while (true)
        {
            if (!_unconfirmed.TryGetValue(happened.EventId, out var action))
            {
                throw new NonDeterminismException($"The history has {Describe(happened)} as step {happened.EventId}, but the code did nothing there.");
            }

            if (Matches(action, happened))
            {
                _unconfirmed.Remove(happened.EventId);
                return;
            }

            if (!IsOptional(action))
            {
                throw new NonDeterminismException(
                    $"The history has {Describe(happened)} as step {happened.EventId}, but the code did {Describe(action)} there.");
            }

            DropOptional(action.Id);
        }
    }

    /// <summary>At the end of a step of the history everything that the step produced has been confirmed.</summary>
    public void EnsureAllConfirmed()
    {
        foreach (var action in _unconfirmed.Values.Where(IsOptional).Reverse().ToList())
        {
            DropOptional(action.Id);
        }

        if (_unconfirmed.Count > 0)
        {
            var first = _unconfirmed.Values.First();
            throw new NonDeterminismException($"The code did {Describe(first)} as step {first.Id}, but the history has nothing there.");
        }
    }

    /// <summary>Histories of older SDKs lack the timer of an endless wait. Without it the numbers after it are one less.</summary>
    void DropOptional(int id)
    {
        _unconfirmed.Remove(id);
        if (_open.Remove(id, out var waiting))
        {
            waiting.Id = -1;
        }

        NextId--;
        foreach (var (old, action) in _unconfirmed.Where(item => item.Key > id).ToList())
        {
            _unconfirmed.Remove(old);
            action.Id = old - 1;
            _unconfirmed.Add(action.Id, action);
            if (_open.Remove(old, out var task))
            {
                task.Id = action.Id;
                _open.Add(task.Id, task);
            }
        }
    }

    static bool IsOptional(WorkflowAction action) => action.CreateTimer is { } timer && Endless.Equals(timer.FireAt);

    static bool Matches(WorkflowAction action, HistoryEvent happened) => happened.EventTypeCase switch
    {
        HistoryEvent.EventTypeOneofCase.TaskScheduled => action.ScheduleTask?.Name == happened.TaskScheduled.Name,
        HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCreated => action.CreateChildWorkflow?.Name == happened.ChildWorkflowInstanceCreated.Name,
        HistoryEvent.EventTypeOneofCase.TimerCreated =>
            action.CreateTimer is not null && IsOptional(action) == Endless.Equals(happened.TimerCreated.FireAt),
        _ => false,
    };

    static string Describe(WorkflowAction action) => action.WorkflowActionTypeCase switch
    {
        WorkflowAction.WorkflowActionTypeOneofCase.ScheduleTask => $"a call of activity '{action.ScheduleTask.Name}'",
        WorkflowAction.WorkflowActionTypeOneofCase.CreateChildWorkflow => $"a call of child workflow '{action.CreateChildWorkflow.Name}'",
        WorkflowAction.WorkflowActionTypeOneofCase.CreateTimer => "a timer",
        var other => other.ToString(),
    };

    static string Describe(HistoryEvent happened) => happened.EventTypeCase switch
    {
        HistoryEvent.EventTypeOneofCase.TaskScheduled => $"a call of activity '{happened.TaskScheduled.Name}'",
        HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCreated => $"a call of child workflow '{happened.ChildWorkflowInstanceCreated.Name}'",
        HistoryEvent.EventTypeOneofCase.TimerCreated => "a timer",
        var other => other.ToString(),
    };
}

/// <summary>Somebody waits for the result of an action.</summary>
internal sealed class OpenTask
{
    public int Id { get; set; }

    /// <summary>Gets the result as JSON; null for a timer.</summary>
    public required Action<string?> Complete { get; init; }

    public Action<WorkflowTaskFailureDetails> Fail { get; init; } = _ => { };
}
