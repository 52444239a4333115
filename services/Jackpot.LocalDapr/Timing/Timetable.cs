using System.Globalization;
using System.Text.RegularExpressions;

namespace Jackpot.LocalDapr.Timing;

/// <summary>When a timer or reminder fires: first instant, then a period for a number of times, until it expires.</summary>
/// <param name="Due">First firing.</param>
/// <param name="Period">Null = once.</param>
/// <param name="Repetitions">Firings in all; null = no limit.</param>
/// <param name="Expires">No firing after this.</param>
sealed partial record Timetable(DateTimeOffset Due, TimeSpan? Period, int? Repetitions, DateTimeOffset? Expires)
{
    /// <summary>Adding it to an instant of our time stays within the calendar.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(365_000);

    /// <summary>Reads the texts of a request.</summary>
    /// <exception cref="FormatException">A text is neither a Go duration, an ISO 8601 duration nor, where allowed, an instant.</exception>
    public static Timetable Parse(string? dueTime, string? period, string? ttl, DateTimeOffset now)
    {
        var (every, repetitions) = ParsePeriod(period);
        var due = string.IsNullOrEmpty(dueTime) ? now + (every ?? TimeSpan.Zero) : InstantOf(dueTime, now, "dueTime");
        var expires = string.IsNullOrEmpty(ttl) ? (DateTimeOffset?)null : InstantOf(ttl, due > now && dueTime is { Length: > 0 } ? due : now, "ttl");
        return expires <= now ? throw new FormatException($"TTL already expired: {ttl}") : new Timetable(due, every, repetitions, expires);
    }

    /// <summary>A duration from now, or an instant.</summary>
    public static DateTimeOffset InstantOf(string text, DateTimeOffset now, string what)
    {
        if (GoDuration.TryParse(text, out var duration) || Iso8601Duration.TryParse(text, out duration, out _))
        {
            return duration < TimeSpan.Zero ? throw new FormatException($"{what} is negative: {text}")
                : duration > LongestWait ? throw new FormatException($"{what} is too far away: {text}")
                : now + duration;
        }
        // A day alone, a time alone or a time without an offset is no instant to real Dapr either.
        return InstantShape().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant.ToUniversalTime()
            : throw new FormatException($"unsupported time/duration format for {what}: {text}");
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\z")]
    private static partial Regex InstantShape();

    static (TimeSpan? Period, int? Repetitions) ParsePeriod(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (null, null);
        }
        int? repetitions = null;
        if (!GoDuration.TryParse(text, out var period) && !Iso8601Duration.TryParse(text, out period, out repetitions))
        {
            throw new FormatException($"unsupported duration format for period: {text}");
        }
        return period < TimeSpan.Zero ? throw new FormatException($"period is negative: {text}")
            : period > LongestWait ? throw new FormatException($"period is too long: {text}")
            : period == TimeSpan.Zero || repetitions == 0 ? (null, null) : (period, repetitions);
    }
}
