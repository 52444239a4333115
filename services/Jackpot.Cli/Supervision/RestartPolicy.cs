namespace Jackpot.Cli.Supervision;

/// <summary>When a process that ended is started again. Pure.</summary>
static class RestartPolicy
{
    /// <summary>A run at least this long counts as good: the next start comes at once.</summary>
    internal static readonly TimeSpan GoodRun = TimeSpan.FromSeconds(5);
    internal const int ShortRunsMax = 60;
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait after <paramref name="shortRuns"/> short runs in a row; null when it is given up.</summary>
    internal static TimeSpan? PauseAfter(int shortRuns) => shortRuns switch
    {
        0 => TimeSpan.Zero,
        > ShortRunsMax => null,
        _ => TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << Math.Min(shortRuns - 1, 10), PauseMax.Ticks)),
    };
}
