using Dapr.DurableTask.Protobuf;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>An instance in memory. The database is the truth; this is what the engine works on between two commits.</summary>
sealed class WorkflowInstance
{
    readonly List<HistoryEvent> _history = [];
    readonly List<StoredEvent> _inbox = [];
    readonly Lock _lock = new();
    long _lastHistorySequence;
    bool _inTurn;
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkflowInstance(StoredWorkflow stored)
    {
        Row = stored.Row;
        Restore(stored);
    }

    public WorkflowKey Key => Row.Key;

    public WorkflowRow Row { get; private set; }

    /// <summary>As it is now; only the running turn changes it.</summary>
    public IReadOnlyList<HistoryEvent> History
    {
        get
        {
            lock (_lock)
            {
                return [.. _history];
            }
        }
    }

    public long HistoryBytes { get; private set; }

    public OpenWork Open { get; private set; } = new();

    /// <summary>Set when the instance cannot go on with the workers there are; a new worker clears it.</summary>
    public bool IsStalled { get; set; }

    /// <summary>Purged or replaced: whoever still holds this object lets go of it.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Completes at the next change; taken before looking at the status.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    public IReadOnlyList<StoredEvent> Inbox
    {
        get
        {
            lock (_lock)
            {
                return [.. _inbox];
            }
        }
    }

    public ExecutionStartedEvent? Started
    {
        get
        {
            lock (_lock)
            {
                return (_history.Find(e => e.ExecutionStarted is not null) ?? _inbox.Find(stored => stored.Event.ExecutionStarted is not null).Event)?.ExecutionStarted;
            }
        }
    }

    /// <summary>True for the one caller that may now run turns: something is in the inbox and nobody works on it yet.</summary>
    public bool TryEnterTurn()
    {
        lock (_lock)
        {
            return !_inTurn && (_inTurn = MayGoOn);
        }
    }

    /// <summary>True when there is more to do; otherwise the turn is left, in one step with that look.</summary>
    public bool GoesOn()
    {
        lock (_lock)
        {
            return _inTurn = MayGoOn;
        }
    }

    public void Receive(StoredEvent stored)
    {
        lock (_lock)
        {
            _inbox.Add(stored);
        }
    }

    public IReadOnlyList<StoredEvent> Sequenced(IEnumerable<HistoryEvent> events)
    {
        var next = _lastHistorySequence;
        return [.. events.Select(e => new StoredEvent(++next, e))];
    }

    /// <summary>Takes over what was committed.</summary>
    public void Apply(TurnCommit commit)
    {
        lock (_lock)
        {
            _inbox.RemoveAll(stored => commit.TakenFromInbox.Contains(stored.Sequence));
            _inbox.AddRange(commit.Inbox);
            if (commit.ClearsHistory)
            {
                Clear();
            }
            Append(commit.NewHistory);
            Row = commit.Row with { Revision = commit.Row.Revision + 1 };
            Wake();
        }
    }

    /// <summary>Starts again from what is stored, after a commit whose outcome is not known or that lost a race.</summary>
    public void Restore(StoredWorkflow stored)
    {
        lock (_lock)
        {
            Row = stored.Row;
            Clear();
            Append(stored.History);
            _inbox.Clear();
            _inbox.AddRange(stored.Inbox);
            Wake();
        }
    }

    public void Vanish()
    {
        lock (_lock)
        {
            IsGone = true;
            Wake();
        }
    }

    bool MayGoOn => _inbox.Count > 0 && !IsGone && !IsStalled && !Row.IsTerminal;

    void Clear()
    {
        _history.Clear();
        HistoryBytes = 0;
        Open = new OpenWork();
    }

    void Append(IEnumerable<StoredEvent> events)
    {
        // A new object each time, because others look at what is open without the lock.
        var open = Open.Copy();
        foreach (var stored in events)
        {
            _history.Add(stored.Event);
            HistoryBytes += stored.Event.CalculateSize();
            open.Apply(stored.Event);
            _lastHistorySequence = stored.Sequence;
        }
        Open = open;
    }

    void Wake()
    {
        var before = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        before.TrySetResult();
    }
}
