using Dapr.DurableTask.Protobuf;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>
/// What an instance still waits for, read off its events: activities without a result, timers that have not fired, children that have not ended.
/// Because it follows from the history alone, a turn's commit is all that must be durable; after a kill the same work is open again.
/// </summary>
sealed class OpenWork
{
    readonly SortedDictionary<int, HistoryEvent> _activities;
    readonly SortedDictionary<int, HistoryEvent> _timers;
    readonly SortedDictionary<int, HistoryEvent> _children;

    public OpenWork() => (_activities, _timers, _children) = ([], [], []);

    OpenWork(OpenWork other) => (_activities, _timers, _children) = (new(other._activities), new(other._timers), new(other._children));

    public IReadOnlyCollection<HistoryEvent> Activities => _activities.Values;

    public IReadOnlyCollection<HistoryEvent> Timers => _timers.Values;

    public IReadOnlyCollection<HistoryEvent> Children => _children.Values;

    public static OpenWork Of(IEnumerable<HistoryEvent> history)
    {
        var open = new OpenWork();
        foreach (var e in history)
        {
            open.Apply(e);
        }
        return open;
    }

    public OpenWork Copy() => new(this);

    public bool HasActivity(int id) => _activities.ContainsKey(id);

    public bool HasTimer(int id) => _timers.ContainsKey(id);

    public bool HasChild(int id, string instanceId) => _children.TryGetValue(id, out var child) && child.ChildWorkflowInstanceCreated.InstanceId == instanceId;

    /// <summary>False for a result that nothing waits for: the engine drops such duplicates.</summary>
    public bool Expects(HistoryEvent e) => e.EventTypeCase switch
    {
        HistoryEvent.EventTypeOneofCase.TaskCompleted => HasActivity(e.TaskCompleted.TaskScheduledId),
        HistoryEvent.EventTypeOneofCase.TaskFailed => HasActivity(e.TaskFailed.TaskScheduledId),
        HistoryEvent.EventTypeOneofCase.TimerFired => HasTimer(e.TimerFired.TimerId),
        HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCompleted => _children.ContainsKey(e.ChildWorkflowInstanceCompleted.TaskScheduledId),
        HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceFailed => _children.ContainsKey(e.ChildWorkflowInstanceFailed.TaskScheduledId),
        _ => true,
    };

    public void Apply(HistoryEvent e)
    {
        switch (e.EventTypeCase)
        {
            case HistoryEvent.EventTypeOneofCase.TaskScheduled: _activities[e.EventId] = e; break;
            case HistoryEvent.EventTypeOneofCase.TaskCompleted: _activities.Remove(e.TaskCompleted.TaskScheduledId); break;
            case HistoryEvent.EventTypeOneofCase.TaskFailed: _activities.Remove(e.TaskFailed.TaskScheduledId); break;
            case HistoryEvent.EventTypeOneofCase.TimerCreated: _timers[e.EventId] = e; break;
            case HistoryEvent.EventTypeOneofCase.TimerFired: _timers.Remove(e.TimerFired.TimerId); break;
            case HistoryEvent.EventTypeOneofCase.EventRaised: EndOldestTimerOf(e.EventRaised.Name); break;
            case HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCreated: _children[e.EventId] = e; break;
            case HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCompleted: _children.Remove(e.ChildWorkflowInstanceCompleted.TaskScheduledId); break;
            case HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceFailed: _children.Remove(e.ChildWorkflowInstanceFailed.TaskScheduledId); break;
        }
    }

    /// <summary>An awaited event ends the oldest timer that waits for it.</summary>
    void EndOldestTimerOf(string eventName)
    {
        foreach (var (id, timer) in _timers)
        {
            if (timer.TimerCreated.ExternalEvent is { } awaited && awaited.Name.Equals(eventName, StringComparison.OrdinalIgnoreCase))
            {
                _timers.Remove(id);
                return;
            }
        }
    }
}
