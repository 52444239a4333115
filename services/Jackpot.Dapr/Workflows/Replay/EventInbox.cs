using Jackpot.Dapr.Workflows.Protocol;

namespace Jackpot.Dapr.Workflows.Replay;

/// <summary>Events from outside: kept in order until somebody waits, given to the waits in their order. Names are compared without case.</summary>
internal sealed class EventInbox
{
    readonly List<HistoryEvent> _kept = [];
    readonly List<EventWait> _waits = [];

    /// <summary>What nobody has taken; goes over to the next run when the workflow continues as new.</summary>
    public IReadOnlyList<HistoryEvent> Kept => _kept;

    public bool AnyWait => _waits.Count > 0;

    public void Raise(HistoryEvent raised)
    {
        if (_waits.Find(wait => Same(wait.Name, raised.EventRaised.Name)) is not { } wait)
        {
            _kept.Add(raised);
            return;
        }

        _waits.Remove(wait);
        wait.Complete(raised.EventRaised.Input);
    }

    public bool TryTake(string name, out string? input)
    {
        var index = _kept.FindIndex(raised => Same(raised.EventRaised.Name, name));
        input = index < 0 ? null : _kept[index].EventRaised.Input;
        if (index >= 0)
        {
            _kept.RemoveAt(index);
        }

        return index >= 0;
    }

    public void Add(EventWait wait) => _waits.Add(wait);

    /// <summary>False when the wait has ended already.</summary>
    public bool Remove(EventWait wait) => _waits.Remove(wait);

    static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A wait for an event.</summary>
internal sealed record EventWait(string Name, Action<string?> Complete);
