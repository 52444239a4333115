namespace Jackpot.LocalDapr.Workflows;

/// <summary>Sequences of inbox events: growing, also across restarts.</summary>
static class InboxSequence
{
    static long _last = DateTime.UtcNow.Ticks;

    public static long Next() => Interlocked.Increment(ref _last);
}
