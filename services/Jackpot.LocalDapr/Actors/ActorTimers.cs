using System.Collections.Concurrent;
using Jackpot.LocalDapr.Timing;

namespace Jackpot.LocalDapr.Actors;

/// <summary>The timers of one active actor: memory only, gone with deactivation. The next firing is armed after the callback returned.</summary>
sealed class ActorTimers : IDisposable
{
    readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new();
    bool _disposed;

    /// <summary>Starts a timer; one of the same name is replaced.</summary>
    /// <param name="name">Name within the actor.</param>
    /// <param name="timetable">When it fires.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="fire">The callback; true = go on.</param>
    public void Start(string name, Timetable timetable, TimeProvider clock, Func<CancellationToken, Task<bool>> fire)
    {
        Stop(name);
        var end = new CancellationTokenSource();
        _running[name] = end;
        _ = RunAsync(name, timetable, clock, fire, end);
        if (_disposed)
        {
            Stop(name);
        }
    }

    public void Stop(string name)
    {
        if (_running.TryRemove(name, out var end))
        {
            end.Cancel();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        foreach (var name in _running.Keys)
        {
            Stop(name);
        }
    }

    async Task RunAsync(string name, Timetable timetable, TimeProvider clock, Func<CancellationToken, Task<bool>> fire, CancellationTokenSource end)
    {
        using var ended = end;
        var due = timetable.Due;
        try
        {
            for (var fired = 1; ; fired++)
            {
                var wait = due - clock.GetUtcNow();
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, clock, end.Token);
                }
                if (timetable.Expires <= clock.GetUtcNow() || !await fire(end.Token)
                    || timetable.Period is not { } period || fired >= timetable.Repetitions)
                {
                    break;
                }
                due = clock.GetUtcNow() + period;
            }
            _running.TryRemove(new KeyValuePair<string, CancellationTokenSource>(name, end));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Stopped or replaced: whoever did that has already removed it.
        }
    }
}
