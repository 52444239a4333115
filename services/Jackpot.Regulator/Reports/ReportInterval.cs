using System.Globalization;

namespace Jackpot.Regulator.Reports;

/// <summary>Whole days in UTC, both included.</summary>
internal sealed record ReportInterval(string Name, DateOnly From, DateOnly To)
{
    /// <summary>Before any jackpot.</summary>
    static readonly DateOnly Beginning = new(2000, 1, 1);

    /// <summary>How far a report looks back when neither interval nor days are named and it is about a player: a year and a day (GLI-19 2.5.7).</summary>
    const int YearDays = 366;

    public DateTime FromInstant => From.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    public DateTime UntilInstant => To.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>
    /// day: one day; mtd, ytd, ltd: the month, the year, all until that day; range: from and to; year: the last 366 days. The day is
    /// <paramref name="to"/> or today, never later. Null, with the fault, when this cannot be read.
    /// </summary>
    public static (ReportInterval? Interval, string? Fault) Parse(string? name, string? from, string? to, DateOnly today)
    {
        if (!TryDay(to, today, out var last) || !TryDay(from, last, out var first))
        {
            return (null, "'from' and 'to' are days such as 2026-01-31, none before 2000-01-01");
        }

        last = last < today ? last : today;
        var kind = name ?? (from is null ? "mtd" : "range");
        ReportInterval? interval = kind switch
        {
            "day" => new(kind, last, last),
            "mtd" => new(kind, new DateOnly(last.Year, last.Month, 1), last),
            "ytd" => new(kind, new DateOnly(last.Year, 1, 1), last),
            "ltd" => new(kind, Beginning, last),
            "year" => new(kind, last.AddDays(-YearDays), last),
            "range" when from is not null => new(kind, first, last),
            _ => null,
        };
        return interval switch
        {
            null => (null, "'interval' must be day, mtd, ytd, ltd, year or range; range needs 'from'"),
            { } backwards when backwards.From > backwards.To => (null, "'from' is after 'to' or after today"),
            _ => (interval, null),
        };
    }

    /// <summary>An ISO day and nothing else; none before there were jackpots, so that counting back from it stays within the calendar.</summary>
    public static bool TryParseDay(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day >= Beginning;

    static bool TryDay(string? text, DateOnly otherwise, out DateOnly day)
    {
        day = otherwise;
        return text is null || TryParseDay(text, out day);
    }
}
