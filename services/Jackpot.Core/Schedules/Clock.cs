namespace Jackpot.Core.Schedules;

/// <summary>Between instants and the clock on a wall. A table look-up; there is no "now" here.</summary>
static class Clock
{
    public const long MsPerMinute = 60_000;
    public const long MsPerHour = 60 * MsPerMinute;

    public static long OffsetMs(TimeZoneInfo zone, long unixMs) => zone.GetUtcOffset(Utc(unixMs)).Ticks / TimeSpan.TicksPerMillisecond;

    public static DateOnly LocalDate(TimeZoneInfo zone, long unixMs) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(Utc(unixMs), zone));

    /// <summary>The instant at which the clock shows a time: the first of two when it is turned back over it, the moment of the jump when it skips it.</summary>
    public static long UnixMs(TimeZoneInfo zone, DateTime local)
    {
        if (zone.IsInvalidTime(local))
        {
            local = FirstAfterGap(zone, local);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return (local.Ticks - offset.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
    }

    // Gaps begin and end on whole minutes and are a day long at most (a zone that crossed the date line).
    static DateTime FirstAfterGap(TimeZoneInfo zone, DateTime local)
    {
        const int GapMinutesMax = 24 * 60;
        var minute = new DateTime(local.Ticks - local.Ticks % TimeSpan.TicksPerMinute);
        for (var skipped = 1; skipped <= GapMinutesMax; skipped++)
        {
            var later = new DateTime(minute.Ticks + skipped * TimeSpan.TicksPerMinute);
            if (!zone.IsInvalidTime(later))
            {
                return later;
            }
        }

        throw new InvalidOperationException($"The clock of {zone.Id} skips more than a day at {local:O}.");
    }

    static DateTime Utc(long unixMs) => DateTime.UnixEpoch.AddTicks(unixMs * TimeSpan.TicksPerMillisecond);
}
