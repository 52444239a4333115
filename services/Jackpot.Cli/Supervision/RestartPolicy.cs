namespace Jackpot.Cli.Supervision;

/// <summary>When a process that ended is started again. Pure.</summary>
static class RestartPolicy
{
    /// <summary>A run at least this long counts as good: the next start comes at once.</summary>
    internal static readonly TimeSpan GoodRun = TimeSpan.FromSeconds(5);
    internal const int ShortRunsMax = 60;
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    /// <summary>
    /// For PostgreSQL. After kill -9 of its parent, server processes in the middle of something keep the shared memory for seconds, and every
    /// start meanwhile fails at once: with growing pauses the next try would come long after the last of them has gone.
    /// </summary>
    static readonly TimeSpan PostgresPauseMax = TimeSpan.FromMilliseconds(250);
    internal const int PostgresShortRunsMax = 240;

    /// <summary>How long to wait after <paramref name="shortRuns"/> short runs in a row; null when it is given up.</summary>
    internal static TimeSpan? PauseAfter(int shortRuns) => PauseAfter(shortRuns, ShortRunsMax, PauseMax);

    /// <summary>The same for PostgreSQL.</summary>
    internal static TimeSpan? PostgresPauseAfter(int shortRuns) => PauseAfter(shortRuns, PostgresShortRunsMax, PostgresPauseMax);

    static TimeSpan? PauseAfter(int shortRuns, int shortRunsMax, TimeSpan pauseMax) => shortRuns == 0 ? TimeSpan.Zero
        : shortRuns > shortRunsMax ? null
        : TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << Math.Min(shortRuns - 1, 10), pauseMax.Ticks));
}
