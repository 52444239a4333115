namespace Jackpot.LocalDapr.PubSub;

/// <summary>Wakes the consumers of one group and topic when something was published in this process.</summary>
sealed class MessageSignal
{
    TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Taken before looking for messages, so that one published while looking is not slept over.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Set() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
