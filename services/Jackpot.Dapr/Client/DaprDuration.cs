using System.Globalization;
using System.Xml;

namespace Jackpot.Dapr.Client;

/// <summary>Durations as Dapr writes them: Go's <c>1h2m3s4ms</c>, ISO 8601's <c>PT3S</c>, and <c>R5/PT3S</c> for a limited repetition.</summary>
internal static class DaprDuration
{
    public static string Format(TimeSpan duration)
    {
        var time = duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
        return string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}h{time.Minutes}m{time.Seconds}s{time.Milliseconds}ms");
    }

    /// <summary>A negative period means that there is none.</summary>
    public static string FormatPeriod(TimeSpan period, int? repetitions)
    {
        if (period < TimeSpan.Zero)
        {
            return "";
        }

        return repetitions is { } count
            ? string.Create(CultureInfo.InvariantCulture, $"R{count}/{XmlConvert.ToString(period)}")
            : Format(period);
    }

    /// <summary>Reads any of the forms, <c>@every 5s</c> too; zero for an empty text and for schedules that are no duration.</summary>
    public static TimeSpan Parse(string? text)
    {
        var rest = (text ?? "").Trim();
        rest = rest.StartsWith("@every ", StringComparison.Ordinal) ? rest[7..] : rest;
        rest = rest.StartsWith('R') && rest.Contains('/', StringComparison.Ordinal) ? rest[(rest.IndexOf('/', StringComparison.Ordinal) + 1)..] : rest;
        if (rest.StartsWith('P'))
        {
            return XmlConvert.ToTimeSpan(rest);
        }

        var total = TimeSpan.Zero;
        while (rest.Length > 0)
        {
            var number = rest.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
            var unit = rest.Skip(number).TakeWhile(c => !char.IsAsciiDigit(c)).Count();
            if (number == 0 || !TryUnit(rest.Substring(number, unit), out var ticks))
            {
                return TimeSpan.Zero;
            }

            total += TimeSpan.FromTicks((long)(double.Parse(rest.AsSpan(0, number), CultureInfo.InvariantCulture) * ticks));
            rest = rest[(number + unit)..];
        }

        return total;
    }

    static bool TryUnit(string unit, out double ticks)
    {
        ticks = unit switch
        {
            "h" => TimeSpan.TicksPerHour,
            "m" => TimeSpan.TicksPerMinute,
            "s" => TimeSpan.TicksPerSecond,
            "ms" => TimeSpan.TicksPerMillisecond,
            "us" or "µs" => TimeSpan.TicksPerMicrosecond,
            "ns" => 0.01,
            _ => 0,
        };
        return ticks > 0;
    }
}
