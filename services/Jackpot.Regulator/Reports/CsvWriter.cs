using System.Buffers;
using System.Text;

namespace Jackpot.Regulator.Reports;

/// <summary>Writes a report as CSV (RFC 4180, UTF-8): the header block, then each section after an empty line.</summary>
internal static class CsvWriter
{
    const string LineEnd = "\r\n";
    static readonly SearchValues<char> NeedQuotes = SearchValues.Create("\",\r\n");

    public static byte[] Csv(ReportDocument report)
    {
        var csv = new StringBuilder();
        var header = report.Header;
        Line(csv, ["Report", header.Title]);
        Line(csv, ["Operator", header.Operator]);
        Line(csv, ["Shard", header.Shard]);
        Line(csv, ["Interval", header.Interval.Name, ReportCell.Day(header.Interval.From).Value, ReportCell.Day(header.Interval.To).Value]);
        foreach (var filter in header.Filters)
        {
            Line(csv, [filter.Key, filter.Value]);
        }

        Line(csv, ["Generated at", ReportCell.Instant(header.GeneratedAt.UtcDateTime).Value]);
        foreach (var section in report.Sections)
        {
            csv.Append(LineEnd);
            Line(csv, [section.Title]);
            Section(csv, section);
        }

        if (report.Next is { } next)
        {
            csv.Append(LineEnd);
            Line(csv, ["Next page: after", next]);
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    static void Section(StringBuilder csv, ReportSection section)
    {
        if (section.Rows.Count == 0)
        {
            Line(csv, [ReportWriter.NoActivity]);
            return;
        }

        Line(csv, section.Columns.Select(column => column.Name));
        foreach (var row in section.Rows)
        {
            csv.AppendJoin(',', row.Select(cell => cell.Kind == CellKind.Text ? Words(cell.Value) : cell.Value ?? "")).Append(LineEnd);
        }
    }

    static void Line(StringBuilder csv, IEnumerable<string?> words) => csv.AppendJoin(',', words.Select(Words)).Append(LineEnd);

    /// <summary>
    /// Text that a spreadsheet would run as a formula gets an apostrophe before it: ids come from operators and players. Numbers are
    /// written by us and stay numbers.
    /// </summary>
    static string Words(string? text)
    {
        var harmless = text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠', ..] ? "'" + text : text ?? "";
        return harmless.AsSpan().ContainsAny(NeedQuotes) ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }
}
