namespace Jackpot.LocalDapr.Actors;

enum TurnEntry
{
    Entered,

    /// <summary>The actor was deactivated meanwhile; the router finds its next home.</summary>
    Closed,

    /// <summary>The reentrant chain is deeper than the app allows.</summary>
    TooDeep,
}

/// <summary>One turn at a time, first come first served; a call with the running turn's reentrancy id joins it.</summary>
sealed class TurnQueue
{
    readonly Lock _lock = new();
    readonly LinkedList<Waiter> _waiting = [];
    string? _reentrancyId;
    int _depth;
    bool _closed;

    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                return _depth > 0;
            }
        }
    }

    public ValueTask<TurnEntry> EnterAsync(string? reentrancyId, int depthMax, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return ValueTask.FromResult(TurnEntry.Closed);
            }
            if (_depth == 0)
            {
                _depth = 1;
                _reentrancyId = reentrancyId;
                return ValueTask.FromResult(TurnEntry.Entered);
            }
            if (reentrancyId is not null && reentrancyId == _reentrancyId)
            {
                if (_depth >= depthMax)
                {
                    return ValueTask.FromResult(TurnEntry.TooDeep);
                }
                _depth++;
                return ValueTask.FromResult(TurnEntry.Entered);
            }
            return new ValueTask<TurnEntry>(WaitAsync(_waiting.AddLast(new Waiter(reentrancyId)), cancellation));
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_depth == 0)
            {
                StartNext();
            }
        }
    }

    /// <summary>Whoever waits, or comes later, is told that the actor is closed.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var waiter in _waiting)
            {
                waiter.Result.TrySetResult(TurnEntry.Closed);
            }
            _waiting.Clear();
        }
    }

    void StartNext()
    {
        _reentrancyId = null;
        while (_waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            if (first.Value.Result.TrySetResult(TurnEntry.Entered))
            {
                _depth = 1;
                _reentrancyId = first.Value.ReentrancyId;
                return;
            }
        }
    }

    static async Task<TurnEntry> WaitAsync(LinkedListNode<Waiter> node, CancellationToken cancellation)
    {
        using var giveUp = cancellation.UnsafeRegister(
            static (waiter, token) => ((Waiter)waiter!).Result.TrySetCanceled(token), node.Value);
        return await node.Value.Result.Task;
    }

    sealed class Waiter(string? reentrancyId)
    {
        public string? ReentrancyId => reentrancyId;

        public TaskCompletionSource<TurnEntry> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
