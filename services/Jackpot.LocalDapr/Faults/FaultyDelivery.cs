using Jackpot.LocalDapr.PubSub;

namespace Jackpot.LocalDapr.Faults;

/// <summary>Stands between a broker and a subscription and does what the message faults say.</summary>
sealed class FaultyDelivery(FaultSwitches faults, string appId, string topic, MessageHandler inner)
{
    readonly Lock _lock = new();
    TaskCompletionSource? _held;

    public async Task<bool[]> HandleAsync(IReadOnlyList<BrokerMessage> messages, CancellationToken cancellation)
    {
        if (faults.Strike(FaultKind.DelayMessage, appId, topic) is { } delay)
        {
            await Task.Delay(delay.DelayMs, cancellation);
        }
        if (faults.Strike(FaultKind.ReorderMessage, appId, topic) is { } reorder)
        {
            await WaitForSuccessorAsync(reorder.DelayMs, cancellation);
        }
        if (faults.Strike(FaultKind.DuplicateMessage, appId, topic) is not null)
        {
            await inner(messages, cancellation);
        }
        var done = await inner(messages, cancellation);
        ReleaseHeld();
        // The app has taken it, the broker does not hear of it.
        return faults.Strike(FaultKind.RedeliverMessage, appId, topic) is null ? done : new bool[done.Length];
    }

    async Task WaitForSuccessorAsync(int patienceMs, CancellationToken cancellation)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _held?.TrySetResult();
            _held = turn;
        }
        await Task.WhenAny(turn.Task, Task.Delay(patienceMs, cancellation));
    }

    void ReleaseHeld()
    {
        lock (_lock)
        {
            _held?.TrySetResult();
            _held = null;
        }
    }
}
