using System.Globalization;

namespace Jackpot.LocalDapr.Timing;

/// <summary>Durations as Go writes them: <c>1h2m3.5s</c>, <c>250ms</c>, <c>0</c>. .NET SDKs send <c>0h0m5s0ms</c>, which is the same grammar.</summary>
static class GoDuration
{
    static readonly (string Unit, double Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond), ("µs", TimeSpan.TicksPerMicrosecond),
        ("ns", TimeSpan.TicksPerMicrosecond / 1000.0), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var negative = text is ['-', ..];
        var rest = text is ['-' or '+', ..] ? text[1..] : text;
        if (rest is "0")
        {
            return true;
        }
        if (rest.IsEmpty)
        {
            return false;
        }
        double ticks = 0;
        while (!rest.IsEmpty)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
            {
                digits++;
            }
            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || !TakeUnit(ref rest, digits, out var unit))
            {
                return false;
            }
            ticks += number * unit;
        }
        if (ticks > TimeSpan.MaxValue.Ticks / 2.0)
        {
            return false;
        }
        duration = TimeSpan.FromTicks((long)Math.Round(negative ? -ticks : ticks));
        return true;
    }

    /// <summary>Writes it the way Go prints a duration.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }
        if (duration.Ticks % TimeSpan.TicksPerSecond != 0 && duration < TimeSpan.FromSeconds(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.######}ms");
        }
        var seconds = (duration.Ticks % TimeSpan.TicksPerMinute) / (double)TimeSpan.TicksPerSecond;
        var hours = (long)duration.TotalHours;
        var text = string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#######}s");
        return hours > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{hours}h{duration.Minutes}m{text}")
            : duration.Minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{duration.Minutes}m{text}") : text;
    }

    static bool TakeUnit(ref ReadOnlySpan<char> rest, int digits, out double ticks)
    {
        foreach (var (unit, value) in Units)
        {
            if (rest[digits..].StartsWith(unit, StringComparison.Ordinal))
            {
                rest = rest[(digits + unit.Length)..];
                ticks = value;
                return true;
            }
        }
        ticks = 0;
        return false;
    }
}
