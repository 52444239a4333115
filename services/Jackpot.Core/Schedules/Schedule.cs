namespace Jackpot.Core.Schedules;

/// <summary>A stretch of time between two deadlines: from the first, included, to the second, not included. Milliseconds since 1970 UTC.</summary>
public readonly record struct Window(long StartUnixMs, long DeadlineUnixMs)
{
    public bool Contains(long unixMs) => unixMs >= StartUnixMs && unixMs < DeadlineUnixMs;
}

/// <summary>Recurring deadlines on the clock of a time zone. Windows follow each other without a gap, also where that clock is changed.</summary>
public abstract record Schedule
{
    private protected Schedule(string timeZone) => TimeZone = timeZone;

    /// <summary>An IANA name, for example <c>Europe/Malta</c>.</summary>
    public string TimeZone { get; }

    /// <summary>False when this machine knows no such time zone.</summary>
    public bool TimeZoneIsKnown => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _);

    /// <summary>The window that an instant lies in.</summary>
    /// <exception cref="TimeZoneNotFoundException">The time zone is not known.</exception>
    public Window WindowAt(long unixMs)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        var (start, deadline) = (long.MinValue, long.MaxValue);
        foreach (var candidate in DeadlinesAround(zone, unixMs))
        {
            if (candidate <= unixMs)
            {
                start = Math.Max(start, candidate);
            }
            else
            {
                deadline = Math.Min(deadline, candidate);
            }
        }

        return start != long.MinValue && deadline != long.MaxValue
            ? new Window(start, deadline)
            : throw new InvalidOperationException($"{this} has no deadline on one side of {unixMs}.");
    }

    /// <summary>All deadlines near an instant: at least the last one before it and the first one after it, in any order.</summary>
    private protected abstract IEnumerable<long> DeadlinesAround(TimeZoneInfo zone, long unixMs);
}
