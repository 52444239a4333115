namespace Jackpot.Core.Schedules;

/// <summary>A deadline whenever the clock shows this minute. When the clock goes back, the repeated hour has its own deadline; when it goes forward, no window is longer than usual.</summary>
public sealed record Hourly(string TimeZone, int Minute) : Schedule(TimeZone)
{
    // A change of the clock moves it by at most a few hours; three on each side find both neighbours whatever it does.
    const int HoursAround = 3;

    private protected override IEnumerable<long> DeadlinesAround(TimeZoneInfo zone, long unixMs)
    {
        foreach (var offset in OffsetsAround(zone, unixMs))
        {
            var localHour = Math.DivRem(unixMs + offset, Clock.MsPerHour).Quotient * Clock.MsPerHour;
            for (var hour = -HoursAround; hour <= HoursAround; hour++)
            {
                var deadline = localHour + hour * Clock.MsPerHour + Minute * Clock.MsPerMinute - offset;
                if (Clock.OffsetMs(zone, deadline) == offset)
                {
                    yield return deadline;
                }
            }
        }
    }

    static IEnumerable<long> OffsetsAround(TimeZoneInfo zone, long unixMs) =>
        Enumerable.Range(-HoursAround, 2 * HoursAround + 1).Select(hour => Clock.OffsetMs(zone, unixMs + hour * Clock.MsPerHour)).Distinct();
}
