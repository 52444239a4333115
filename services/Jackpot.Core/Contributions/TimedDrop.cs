using Jackpot.Core.Draws;
using Jackpot.Core.Pools;
using Jackpot.Core.Schedules;

namespace Jackpot.Core.Contributions;

/// <summary>Which hidden instant counts at a given moment of a timed pool's cycle.</summary>
static class TimedDrop
{
    /// <summary>The instant from which a contribution drops the pool; it lies ahead while the cycle's first window has not begun.</summary>
    public static HiddenInstantReached Ripening(MustDropByTime trigger, PoolState pool, long atUnixMs, in CycleSecret secret)
    {
        var first = FirstWindow(trigger.Schedule, pool);
        var now = trigger.Schedule.WindowAt(atUnixMs);
        var counts = trigger.WhenNobodyPlays == WhenNobodyPlays.RollsOver && now.StartUnixMs >= first.DeadlineUnixMs ? now : first;
        return new HiddenInstantReached(HiddenInstant.For(secret, pool.Id, pool.Cycle, counts), counts);
    }

    // A pool that has dropped in a window waits for the next one. A new jackpot uses what is left of the window it starts in.
    static Window FirstWindow(Schedule schedule, PoolState pool)
    {
        var opened = schedule.WindowAt(pool.OpenedAtUnixMs);
        return pool.Cycle == 1
            ? opened with { StartUnixMs = pool.OpenedAtUnixMs }
            : schedule.WindowAt(opened.DeadlineUnixMs);
    }
}
