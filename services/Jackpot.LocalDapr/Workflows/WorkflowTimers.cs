using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>Durable timers: the history holds them, this only wakes up in time. A timer without end (an event awaited for ever) is never armed.</summary>
sealed class WorkflowTimers(WorkflowEngine engine, TimeProvider clock) : IDisposable
{
    // The longest a system timer can wait is about 49 days; longer ones are looked at again on the way.
    static readonly TimeSpan WaitMax = TimeSpan.FromDays(30);
    static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<(string InstanceId, int Generation, int Id), byte> _armed = new();

    public void Arm(WorkflowInstance instance, IReadOnlyCollection<HistoryEvent> timers)
    {
        foreach (var timer in timers)
        {
            var key = (instance.Key.InstanceId, instance.Row.Generation, timer.EventId);
            if (timer.TimerCreated.FireAt.Seconds < HistoryEvents.NeverSeconds && _armed.TryAdd(key, 0))
            {
                _ = RunAsync(key, timer);
            }
        }
    }

    public void ArmStart(WorkflowInstance instance, DateTimeOffset start)
    {
        const int StartId = -1;
        var key = (instance.Key.InstanceId, 0, StartId);
        if (_armed.TryAdd(key, 0))
        {
            _ = StartAsync(key, instance, start);
        }
    }

    public void Dispose() => _armed.Clear();

    async Task RunAsync((string InstanceId, int Generation, int Id) key, HistoryEvent timer)
    {
        try
        {
            await WaitAsync(timer.TimerCreated.FireAt.ToDateTimeOffset());
            while (!await TryFireAsync(key, timer))
            {
                await Task.Delay(StoreRetry, clock, engine.Stopping);
            }
        }
        catch (OperationCanceledException) when (engine.Stopping.IsCancellationRequested)
        {
            // The history still holds the timer.
        }
        finally
        {
            _armed.TryRemove(key, out _);
        }
    }

    async Task<bool> TryFireAsync((string InstanceId, int Generation, int Id) key, HistoryEvent timer)
    {
        try
        {
            // An event that came first has ended the timer, or the instance has moved on.
            if (await engine.LoadAsync(key.InstanceId, engine.Stopping) is { } instance && instance.Row.Generation == key.Generation && instance.Open.HasTimer(key.Id))
            {
                await engine.AddEventAsync(key.InstanceId, HistoryEvents.TimerFired(clock.GetUtcNow(), timer), key.Generation, engine.Stopping);
            }
            return true;
        }
        catch (Npgsql.NpgsqlException)
        {
            return false;
        }
    }

    async Task StartAsync((string, int, int) key, WorkflowInstance instance, DateTimeOffset start)
    {
        try
        {
            await WaitAsync(start);
        }
        catch (OperationCanceledException) when (engine.Stopping.IsCancellationRequested)
        {
            return;
        }
        _armed.TryRemove(key, out _);
        engine.Advance(instance);
    }

    async Task WaitAsync(DateTimeOffset until)
    {
        while (until - clock.GetUtcNow() is { Ticks: > 0 } left)
        {
            await Task.Delay(left < WaitMax ? left : WaitMax, clock, engine.Stopping);
        }
    }
}
