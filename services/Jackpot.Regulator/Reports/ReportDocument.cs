using Jackpot.Core.Amounts;

namespace Jackpot.Regulator.Reports;

/// <summary>A report as it is read, before it is written as JSON or CSV.</summary>
/// <param name="Header">What every report begins with.</param>
/// <param name="Sections">At least one.</param>
/// <param name="Next">Where the next page begins; null when this is all.</param>
internal sealed record ReportDocument(ReportHeader Header, IReadOnlyList<ReportSection> Sections, string? Next);

/// <summary>Whose report it is, about what time, made when (GLI-19 2.8.1).</summary>
internal sealed record ReportHeader(
    string Report, string Title, string Operator, string Shard, ReportInterval Interval, IReadOnlyList<KeyValuePair<string, string>> Filters, DateTimeOffset GeneratedAt);

/// <summary>One table. No rows are told as "No activity".</summary>
internal sealed record ReportSection(string Title, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<ReportCell[]> Rows);

/// <summary>A column: its name on the wire and what stands in it.</summary>
internal sealed record ReportColumn(string Name, CellKind Kind)
{
    public static ReportColumn Text(string name) => new(name, CellKind.Text);

    public static ReportColumn Count(string name) => new(name, CellKind.Count);

    public static ReportColumn Amount(string name) => new(name, CellKind.Amount);

    public static ReportColumn Instant(string name) => new(name, CellKind.Instant);

    public static ReportColumn Day(string name) => new(name, CellKind.Day);
}

/// <summary>What a cell holds, which decides how it is written.</summary>
internal enum CellKind
{
    /// <summary>Words of anybody: quoted, and never a formula.</summary>
    Text,
    Count,

    /// <summary>Micro-units, written as an exact decimal; its currency stands in a column beside it.</summary>
    Amount,

    /// <summary>UTC, written as ISO 8601.</summary>
    Instant,
    Day,
}

/// <summary>One value as text, exactly as it is written; null for none.</summary>
internal readonly record struct ReportCell(CellKind Kind, string? Value)
{
    public static ReportCell Text(string? text) => new(CellKind.Text, text);

    public static ReportCell Count(long count) => new(CellKind.Count, count.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static ReportCell Amount(Int128 micros) => new(CellKind.Amount, AmountText.Format(micros));

    public static ReportCell Instant(DateTime utc) =>
        new(CellKind.Instant, utc.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture));

    public static ReportCell Day(DateOnly day) => new(CellKind.Day, day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
}
