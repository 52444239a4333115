using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Jackpot.Regulator.Reports;

/// <summary>Writes a report as JSON. Numbers are exact decimals; nothing passes through a binary fraction.</summary>
internal static class ReportWriter
{
    public const string NoActivity = "No activity";

    public static byte[] Json(ReportDocument report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Header(json, report.Header);
            json.WriteStartArray("sections");
            foreach (var section in report.Sections)
            {
                Section(json, section);
            }

            json.WriteEndArray();
            if (report.Next is { } next)
            {
                json.WriteString("next", next);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    static void Header(Utf8JsonWriter json, ReportHeader header)
    {
        json.WriteString("report", header.Report);
        json.WriteString("title", header.Title);
        json.WriteString("operator", header.Operator);
        json.WriteString("shard", header.Shard);
        json.WriteStartObject("interval");
        json.WriteString("name", header.Interval.Name);
        json.WriteString("from", ReportCell.Day(header.Interval.From).Value);
        json.WriteString("to", ReportCell.Day(header.Interval.To).Value);
        json.WriteEndObject();
        foreach (var filter in header.Filters)
        {
            json.WriteString(filter.Key, filter.Value);
        }

        json.WriteString("generated_at", ReportCell.Instant(header.GeneratedAt.UtcDateTime).Value);
    }

    static void Section(Utf8JsonWriter json, ReportSection section)
    {
        json.WriteStartObject();
        json.WriteString("title", section.Title);
        if (section.Rows.Count == 0)
        {
            json.WriteString("note", NoActivity);
        }

        json.WriteStartArray("rows");
        foreach (var row in section.Rows)
        {
            json.WriteStartObject();
            for (var i = 0; i < row.Length; i++)
            {
                json.WritePropertyName(section.Columns[i].Name);
                Cell(json, row[i]);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Cell(Utf8JsonWriter json, ReportCell cell)
    {
        if (cell.Value is null)
        {
            json.WriteNullValue();
        }
        else if (cell.Kind is CellKind.Count or CellKind.Amount)
        {
            json.WriteRawValue(Encoding.ASCII.GetBytes(cell.Value), skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(cell.Value);
        }
    }
}
