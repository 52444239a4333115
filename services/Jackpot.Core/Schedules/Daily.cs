namespace Jackpot.Core.Schedules;

/// <summary>A deadline every day at this time of the clock.</summary>
public sealed record Daily(string TimeZone, TimeOnly At) : Schedule(TimeZone)
{
    const int DaysAround = 2;

    private protected override IEnumerable<long> DeadlinesAround(TimeZoneInfo zone, long unixMs)
    {
        var today = Clock.LocalDate(zone, unixMs);
        return Enumerable.Range(-DaysAround, 2 * DaysAround + 1).Select(day => Clock.UnixMs(zone, today.AddDays(day).ToDateTime(At)));
    }
}

/// <summary>A deadline every week on this day at this time of the clock.</summary>
public sealed record Weekly(string TimeZone, DayOfWeek Day, TimeOnly At) : Schedule(TimeZone)
{
    const int DaysAround = 8;

    private protected override IEnumerable<long> DeadlinesAround(TimeZoneInfo zone, long unixMs)
    {
        var today = Clock.LocalDate(zone, unixMs);
        return Enumerable.Range(-DaysAround, 2 * DaysAround + 1).Select(today.AddDays).Where(date => date.DayOfWeek == Day)
            .Select(date => Clock.UnixMs(zone, date.ToDateTime(At)));
    }
}
