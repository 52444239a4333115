using System.Globalization;
using Jackpot.LocalDapr.Schedules;
using Jackpot.LocalDapr.Timing;

namespace Jackpot.LocalDapr.Tests.Timing;

public sealed class TimingTests
{
    [Theory]
    [InlineData("1h2m3.5s", 3723.5)]
    [InlineData("0h0m5s0ms", 5)]
    [InlineData("250ms", 0.25)]
    [InlineData("0", 0)]
    public void Go_durations_are_read(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5 s")]
    [InlineData("PT5S")]
    public void What_is_no_Go_duration_is_refused(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData("PT5S", 5, null)]
    [InlineData("R3/PT1H30M", 5400, 3)]
    public void ISO_durations_are_read(string text, double seconds, int? repetitions)
    {
        Assert.True(Iso8601Duration.TryParse(text, out var duration, out var times));
        Assert.Equal((seconds, repetitions), (duration.TotalSeconds, times));
    }

    [Theory]
    [InlineData("P1D")]
    [InlineData("PT")]
    [InlineData("R3/")]
    public void Days_and_halves_are_refused(string text) => Assert.False(Iso8601Duration.TryParse(text, out _, out _));

    [Theory]
    [InlineData("0 30 4 * * *", "2026-03-28T12:00:00Z", "2026-03-29T04:30:00Z")]
    [InlineData("*/15 * * * * *", "2026-03-28T12:00:01Z", "2026-03-28T12:00:15Z")]
    [InlineData("0 0 12 * * MON-FRI", "2026-03-27T12:00:00Z", "2026-03-30T12:00:00Z")]
    [InlineData("0 0 0 13 * FRI", "2026-02-12T12:00:00Z", "2026-02-13T00:00:00Z")]
    [InlineData("0 0 0 13 * FRI", "2026-02-13T12:00:00Z", "2026-02-20T00:00:00Z")]
    [InlineData("TZ=Europe/Malta 0 30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("@daily", "2026-03-28T12:00:00Z", "2026-03-29T00:00:00Z")]
    public void Cron_lines_name_the_next_instant(string line, string now, string next)
    {
        var from = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture);
        Assert.Equal(DateTimeOffset.Parse(next, CultureInfo.InvariantCulture), Recurrence.Parse(line).Next(from, from));
    }

    [Fact]
    public void A_day_that_never_comes_has_no_next() =>
        Assert.Null(Recurrence.Parse("0 0 0 30 2 *").Next(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch));

    [Fact]
    public void Missed_firings_are_made_up_for_once()
    {
        var due = DateTimeOffset.UnixEpoch;
        Assert.Equal(due.AddSeconds(100), new Every(TimeSpan.FromSeconds(10)).Next(due, due.AddSeconds(95)));
        Assert.Equal(due.AddSeconds(10), new Every(TimeSpan.FromSeconds(10)).Next(due, due.AddSeconds(1)));
    }
}
