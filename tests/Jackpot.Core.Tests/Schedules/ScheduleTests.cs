using System.Globalization;
using Jackpot.Core.Schedules;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Schedules;

public sealed class ScheduleTests
{
    const long HourMs = 3_600_000;

    static readonly string[] Zones = ["UTC", "Europe/Malta", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "America/Sao_Paulo"];

    [Theory]
    [InlineData("2026-03-28T19:30Z", "2026-03-28T19:00Z", "2026-03-29T18:00Z")] // the night the clock goes forward: 23 hours
    [InlineData("2026-10-24T19:30Z", "2026-10-24T18:00Z", "2026-10-25T19:00Z")] // the night it goes back: 25 hours
    [InlineData("2026-07-01T17:59Z", "2026-06-30T18:00Z", "2026-07-01T18:00Z")]
    [InlineData("2026-07-01T18:00Z", "2026-07-01T18:00Z", "2026-07-02T18:00Z")]
    public void A_daily_deadline_follows_the_clock_on_the_wall(string at, string start, string deadline) =>
        Assert.Equal(new Window(Ms(start), Ms(deadline)), new Daily("Europe/Malta", new TimeOnly(20, 0)).WindowAt(Ms(at)));

    [Fact]
    public void A_time_that_the_clock_skips_is_the_moment_of_the_jump() =>
        Assert.Equal(new Window(Ms("2026-03-28T01:30Z"), Ms("2026-03-29T01:00Z")), new Daily("Europe/Malta", new TimeOnly(2, 30)).WindowAt(Ms("2026-03-28T12:00Z")));

    [Fact]
    public void A_time_that_the_clock_shows_twice_is_a_deadline_once()
    {
        var daily = new Daily("Europe/Malta", new TimeOnly(2, 30));
        Assert.Equal(new Window(Ms("2026-10-24T00:30Z"), Ms("2026-10-25T00:30Z")), daily.WindowAt(Ms("2026-10-24T12:00Z")));
        Assert.Equal(new Window(Ms("2026-10-25T00:30Z"), Ms("2026-10-26T01:30Z")), daily.WindowAt(Ms("2026-10-25T01:30Z")));
    }

    [Fact]
    public void A_weekly_deadline_comes_once_a_week() =>
        Assert.Equal(new Window(Ms("2026-03-27T19:00Z"), Ms("2026-04-03T18:00Z")), new Weekly("Europe/Malta", DayOfWeek.Friday, new TimeOnly(20, 0)).WindowAt(Ms("2026-03-29T12:00Z")));

    [Fact]
    public void Hours_go_on_through_every_change_of_the_clock()
    {
        foreach (var zone in Zones)
        {
            var windows = YearOf(new Hourly(zone, 15)).ToList();
            Assert.InRange(windows.Count, 365 * 24 - 1, 365 * 24 + 1);
            foreach (var window in windows)
            {
                // Lord Howe moves its clock by half an hour, so one hour there is short and one is long.
                Assert.InRange(window.DeadlineUnixMs - window.StartUnixMs, zone == "Australia/Lord_Howe" ? HourMs / 2 : HourMs, zone == "Australia/Lord_Howe" ? 3 * HourMs / 2 : HourMs);
            }
        }
    }

    [Fact]
    public void Days_have_23_to_25_hours_and_a_year_has_365_of_them()
    {
        foreach (var zone in Zones)
        {
            var windows = YearOf(new Daily(zone, new TimeOnly(2, 15))).ToList();
            Assert.Equal(365, windows.Count);
            Assert.All(windows, window => Assert.InRange(window.DeadlineUnixMs - window.StartUnixMs, 23 * HourMs, 25 * HourMs));
        }
    }

    [Fact]
    public void Every_instant_lies_in_exactly_one_window()
    {
        var random = SeededRandom.New();
        for (var i = 0; i < 5_000; i++)
        {
            var zone = Zones[random.Next(Zones.Length)];
            Schedule schedule = random.Next(3) switch
            {
                0 => new Hourly(zone, random.Next(60)),
                1 => new Daily(zone, new TimeOnly(random.Next(24), random.Next(60))),
                _ => new Weekly(zone, (DayOfWeek)random.Next(7), new TimeOnly(random.Next(24), random.Next(60))),
            };
            var at = random.NextInt64(Ms("2000-01-01T00:00Z"), Ms("2040-01-01T00:00Z"));
            var window = schedule.WindowAt(at);
            Assert.True(window.Contains(at));
            Assert.Equal(window, schedule.WindowAt(window.StartUnixMs));
            Assert.Equal(window, schedule.WindowAt(window.DeadlineUnixMs - 1));
            Assert.Equal(window.DeadlineUnixMs, schedule.WindowAt(window.DeadlineUnixMs).StartUnixMs);
        }
    }

    [Fact]
    public void An_unknown_time_zone_is_known_to_be_unknown()
    {
        Assert.True(new Daily("Europe/Malta", default).TimeZoneIsKnown);
        Assert.False(new Daily("Europe/Atlantis", default).TimeZoneIsKnown);
        Assert.Throws<TimeZoneNotFoundException>(() => new Daily("Europe/Atlantis", default).WindowAt(0));
    }

    static IEnumerable<Window> YearOf(Schedule schedule)
    {
        var (at, end) = (Ms("2026-01-01T00:00Z"), Ms("2027-01-01T00:00Z"));
        for (var window = schedule.WindowAt(at); window.DeadlineUnixMs < end; window = schedule.WindowAt(window.DeadlineUnixMs))
        {
            yield return window;
        }
    }

    public static long Ms(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
