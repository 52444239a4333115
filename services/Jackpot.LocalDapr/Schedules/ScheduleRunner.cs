using System.Collections.Concurrent;

namespace Jackpot.LocalDapr.Schedules;

enum TickResult
{
    Done,
    Failed,

    /// <summary>Nobody is there to take it; it waits until somebody is.</summary>
    Undeliverable,
}

/// <summary>Fires schedules when they are due. The database is the truth; the heap only says what comes next.</summary>
sealed partial class ScheduleRunner(ScheduleStore store, TimeProvider clock, ILogger<ScheduleRunner> logger)
{
    const int FiringsAtOnceMax = 256;
    static readonly TimeSpan UndeliverableRetry = TimeSpan.FromSeconds(1);
    static readonly TimeSpan SleepMax = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<ScheduleKey, ScheduleEntry> _entries = new();
    readonly PriorityQueue<(ScheduleKey Key, long Version), DateTimeOffset> _due = new();
    readonly Lock _lock = new();
    readonly SemaphoreSlim _slots = new(FiringsAtOnceMax);
    TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Delivers one tick; set before the runner starts.</summary>
    public required Func<ScheduleEntry, CancellationToken, Task<TickResult>> Deliver { get; init; }

    public async Task<bool> PutAsync(ScheduleEntry entry, bool overwrite, CancellationToken cancellation)
    {
        if (await store.PutAsync(entry, overwrite, cancellation) is not { } stored)
        {
            return false;
        }
        Arm(stored);
        return true;
    }

    public Task<ScheduleEntry?> FindAsync(ScheduleKey key, CancellationToken cancellation) => store.FindAsync(key, cancellation);

    public async Task<bool> DeleteAsync(ScheduleKey key, CancellationToken cancellation)
    {
        _entries.TryRemove(key, out _);
        return await store.DeleteAsync(key, null, cancellation);
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var entry in await store.AllAsync(LogSetAside, cancellation))
        {
            Arm(entry);
        }
        while (true)
        {
            var (next, wait) = TakeDue();
            if (next is null)
            {
                await Task.WhenAny(_woken.Task, Task.Delay(wait, clock, cancellation));
                cancellation.ThrowIfCancellationRequested();
                continue;
            }
            await _slots.WaitAsync(cancellation);
            _ = FireAsync(next, cancellation);
        }
    }

    void Arm(ScheduleEntry entry)
    {
        _entries[entry.Key] = entry;
        Enqueue(entry, entry.Due);
    }

    /// <summary>After a tick. What was deleted or replaced while it ran stays so.</summary>
    void ArmAgain(ScheduleEntry fired, ScheduleEntry next, DateTimeOffset at)
    {
        if (_entries.TryUpdate(fired.Key, next, fired))
        {
            Enqueue(next, at);
        }
    }

    void Enqueue(ScheduleEntry entry, DateTimeOffset at)
    {
        lock (_lock)
        {
            _due.Enqueue((entry.Key, entry.Version), at);
            _woken.TrySetResult();
        }
    }

    (ScheduleEntry? Entry, TimeSpan Wait) TakeDue()
    {
        lock (_lock)
        {
            while (_due.TryPeek(out var first, out var due))
            {
                var wait = due - clock.GetUtcNow();
                if (wait > TimeSpan.Zero)
                {
                    return Sleep(wait < SleepMax ? wait : SleepMax);
                }
                _due.Dequeue();
                if (_entries.TryGetValue(first.Key, out var entry) && entry.Version == first.Version)
                {
                    return (entry, TimeSpan.Zero);
                }
            }
            return Sleep(SleepMax);
        }
    }

    (ScheduleEntry?, TimeSpan) Sleep(TimeSpan wait)
    {
        if (_woken.Task.IsCompleted)
        {
            _woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        return (null, wait);
    }

    async Task FireAsync(ScheduleEntry entry, CancellationToken cancellation)
    {
        try
        {
            if (entry.Expires <= clock.GetUtcNow())
            {
                await EndAsync(entry, cancellation);
            }
            else if (await TryAsync(entry, cancellation) == TickResult.Undeliverable)
            {
                ArmAgain(entry, entry, clock.GetUtcNow() + UndeliverableRetry);
            }
            else
            {
                await AdvanceAsync(entry, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The process stops; the entry is in the database and fires after the restart.
        }
#pragma warning disable CA1031 // Whatever went wrong, the entry is still stored; it must not drop out of the heap until the next restart.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            LogFiringFailed(entry.Key.Name, failed);
            ArmAgain(entry, entry, clock.GetUtcNow() + UndeliverableRetry);
        }
        finally
        {
            _slots.Release();
        }
    }

    async Task<TickResult> TryAsync(ScheduleEntry entry, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            var result = await Deliver(entry, cancellation);
            if (result != TickResult.Failed)
            {
                return result;
            }
            if (attempt >= entry.Failure.RetriesMax)
            {
                LogTickLost(entry.Key.Kind, entry.Key.Name, attempt + 1);
                return result;
            }
            await Task.Delay(entry.Failure.Interval, clock, cancellation);
        }
    }

    async Task AdvanceAsync(ScheduleEntry entry, CancellationToken cancellation)
    {
        var left = entry.RepeatsLeft - 1;
        var next = left == 0 ? null : entry.Rule?.Next(entry.Due, clock.GetUtcNow());
        if (next is null || next > entry.Expires)
        {
            await EndAsync(entry, cancellation);
            return;
        }
        var advanced = entry with { Due = next.Value, RepeatsLeft = left };
        if (await store.AdvanceAsync(advanced, cancellation))
        {
            ArmAgain(entry, advanced, advanced.Due);
        }
    }

    async Task EndAsync(ScheduleEntry entry, CancellationToken cancellation)
    {
        await store.DeleteAsync(entry.Key, entry.Version, cancellation);
        _entries.TryRemove(new KeyValuePair<ScheduleKey, ScheduleEntry>(entry.Key, entry));
    }

    [LoggerMessage(1400, LogLevel.Warning, "{Kind} {Name}: the tick failed {Tries} times and is given up")]
    partial void LogTickLost(ScheduleKind kind, string name, int tries);

    [LoggerMessage(1402, LogLevel.Warning, "The stored schedule {Name} cannot be read and does not fire; delete it, or register it again")]
    partial void LogSetAside(string name, Exception cause);

    [LoggerMessage(1401, LogLevel.Warning, "Schedule {Name} could not be fired or advanced; it is tried again")]
    partial void LogFiringFailed(string name, Exception cause);
}
