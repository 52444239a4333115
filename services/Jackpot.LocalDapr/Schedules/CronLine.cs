using System.Globalization;

namespace Jackpot.LocalDapr.Schedules;

/// <summary>A cron line of six fields (second, minute, hour, day of month, month, day of week), in UTC unless it starts with TZ= or CRON_TZ=.</summary>
sealed class CronLine : IRecurrence
{
    // Five years ahead: a line such as "0 0 0 30 2 *" never fires, and the search must end.
    const int DaysSearchedMax = 5 * 366;

    static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    readonly ulong _seconds, _minutes, _hours, _days, _months, _weekdays;
    readonly bool _anyDay, _anyWeekday;
    readonly TimeZoneInfo _zone;

    CronLine(string text, string[] fields, TimeZoneInfo zone)
    {
        Text = text;
        _zone = zone;
        _seconds = Field(fields[0], 0, 59, []);
        _minutes = Field(fields[1], 0, 59, []);
        _hours = Field(fields[2], 0, 23, []);
        _days = Field(fields[3], 1, 31, []);
        _months = Field(fields[4], 1, 12, Months);
        _weekdays = Field(fields[5], 0, 7, Days);
        _weekdays |= (_weekdays >> 7) & 1;
        _anyDay = fields[3] is "*" or "?";
        _anyWeekday = fields[5] is "*" or "?";
    }

    public string Text { get; }

    /// <param name="text">As written.</param>
    /// <param name="line">The six fields, perhaps with a time zone before them.</param>
    public static CronLine Parse(string text, string line)
    {
        var zone = TimeZoneInfo.Utc;
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length > 0 && (fields[0].StartsWith("TZ=", StringComparison.Ordinal) || fields[0].StartsWith("CRON_TZ=", StringComparison.Ordinal)))
        {
            var name = fields[0][(fields[0].IndexOf('=', StringComparison.Ordinal) + 1)..];
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!))
            {
                throw new FormatException($"provided bad location {name} in schedule '{text}'");
            }
            fields = fields[1..];
        }
        return fields.Length == 6
            ? new CronLine(text, fields, zone)
            : throw new FormatException($"expected exactly 6 fields, found {fields.Length} in schedule '{text}'");
    }

    public DateTimeOffset? Next(DateTimeOffset fired, DateTimeOffset now) => After(fired > now ? fired : now);

    DateTimeOffset? After(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, _zone).DateTime;
        var start = new DateTime(local.Year, local.Month, local.Day, local.Hour, local.Minute, local.Second, DateTimeKind.Unspecified).AddSeconds(1);
        for (var day = 0; day < DaysSearchedMax; day++)
        {
            var date = start.Date.AddDays(day);
            if (Matches(date) && FirstTime(date, day == 0 ? start.TimeOfDay : TimeSpan.Zero) is { } found)
            {
                return found;
            }
        }
        return null;
    }

    bool Matches(DateTime date)
    {
        var day = Has(_days, date.Day);
        var weekday = Has(_weekdays, (int)date.DayOfWeek);
        // When both are restricted, either one is enough: the old rule of cron, and daprd's. Packages such as Cronos want both.
        return Has(_months, date.Month) && (_anyDay || _anyWeekday ? day && weekday : day || weekday);
    }

    DateTimeOffset? FirstTime(DateTime date, TimeSpan from)
    {
        for (var hour = from.Hours; hour < 24; hour++)
        {
            if (!Has(_hours, hour))
            {
                continue;
            }
            for (var minute = hour == from.Hours ? from.Minutes : 0; minute < 60; minute++)
            {
                if (!Has(_minutes, minute))
                {
                    continue;
                }
                for (var second = hour == from.Hours && minute == from.Minutes ? from.Seconds : 0; second < 60; second++)
                {
                    var local = date.AddHours(hour).AddMinutes(minute).AddSeconds(second);
                    if (Has(_seconds, second) && !_zone.IsInvalidTime(local))
                    {
                        return new DateTimeOffset(local, _zone.GetUtcOffset(local)).ToUniversalTime();
                    }
                }
            }
        }
        return null;
    }

    static bool Has(ulong set, int value) => ((set >> value) & 1) != 0;

    static ulong Field(string text, int least, int most, string[] names)
    {
        ulong set = 0;
        foreach (var part in text.Split(','))
        {
            var (range, step) = part.Split('/', 2) is [var left, var right] ? (left, Number(right, 1, most, [])) : (part, 1);
            var (from, to) = range is "*" or "?" ? (least, most)
                : range.Split('-', 2) is [var first, var last] ? (Number(first, least, most, names), Number(last, least, most, names))
                : (Number(range, least, most, names), part.Contains('/', StringComparison.Ordinal) ? most : Number(range, least, most, names));
            if (from > to)
            {
                throw new FormatException($"beginning of range ({from}) beyond end of range ({to}): {text}");
            }
            for (var value = from; value <= to; value += step)
            {
                set |= 1UL << value;
            }
        }
        return set;
    }

    static int Number(string text, int least, int most, string[] names)
    {
        var named = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        var value = named >= 0 ? named + (names == Months ? 1 : 0) : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        return value >= least && value <= most ? value : throw new FormatException($"'{text}' is not between {least} and {most}");
    }
}
