using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Regulator.Reports;

/// <summary>One snapshot of the tables, and the question that is asked of it.</summary>
internal sealed class ReportQuery(NpgsqlConnection connection, ReportRequest request, int pageRows)
{
    /// <summary>Most rows of a section; a question with more is refused and must be narrowed, or is paged.</summary>
    public const int RowsMax = 20_000;

    /// <summary>
    /// The jackpots that are asked about, as <c>scope (id, jackpot_id, currency)</c>. Every statement has the same parameters: $1 and $2
    /// the days, $3 and $4 the instants they begin and end, $5 tenant, $6 jackpot, $7 player, $8 threshold.
    /// </summary>
    public const string Scope = """
        scope AS (
            SELECT j.id, j.jackpot_id, t.definition ->> 'currency' AS currency
            FROM jackpot j JOIN jackpot_terms t ON t.jackpot = j.id AND t.version = j.config_version
            WHERE ($6 IS NULL OR j.jackpot_id = $6) AND ($5 IS NULL OR t.definition -> 'tenants' ? $5))
        """;

    public ReportRequest Request => request;

    /// <summary>A section of the statement's columns, in their order.</summary>
    /// <exception cref="TooManyRowsException">There are more than <see cref="RowsMax"/>.</exception>
    public async Task<ReportSection> SectionAsync(string title, ReportColumn[] columns, string sql, CancellationToken ct) =>
        new(title, columns, await RowsAsync(sql, row => Cells(row, columns), ct));

    /// <summary>Makes sure that a report over contributions misses none of them.</summary>
    /// <param name="reads">SQL: which days <c>a.day</c> the report will read, after the same <paramref name="with"/> as its own statement.</param>
    /// <param name="with">SQL: common table expressions that <paramref name="reads"/> names.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ArchivedRowsException">Some of them are in the archive.</exception>
    public async Task RequireDaysAsync(string reads, string with, CancellationToken ct)
    {
        ArchivedRows.Require(await RowsAsync(
            $"WITH {with} SELECT a.day, a.fault FROM archived_partition a WHERE a.day IN {ArchivedRows.Days} AND ({reads}) ORDER BY a.day",
            ArchivedRows.Missing, ct));
    }

    /// <summary>Adds up by day what is not added up yet: from then on <see cref="DaySums.Journal"/> and <see cref="DaySums.Contributions"/> can be asked.</summary>
    public async Task SumByDayAsync(CancellationToken ct)
    {
        var jackpot = request.Jackpot is null ? [] : await RowsAsync("SELECT id FROM jackpot WHERE jackpot_id = $6", row => row.GetInt32(0), ct);
        await new DaySums(connection, pageRows, jackpot.Count == 0 ? null : jackpot[0]).AddNewAsync(ct);
    }

    /// <summary>Asks for very many rows page by page.</summary>
    /// <param name="all">The rows, in stretches.</param>
    /// <param name="sql">May use $9 to $12: owner, jackpot, after and through of a page's stretches.</param>
    /// <param name="read">Reads a row of a page's answer.</param>
    /// <param name="ct">Gives up.</param>
    public async IAsyncEnumerable<T> PagesAsync<T>(
        IEnumerable<NumberedRows> all, string sql, Func<NpgsqlDataReader, T> read, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var page in RowPages.Of(all, pageRows))
        {
            var rows = await RowsAsync(
                sql, read, ct, Column(page, rows => rows.Owner, NpgsqlDbType.Integer), Column(page, rows => rows.Jackpot, NpgsqlDbType.Integer),
                Column(page, rows => rows.After, NpgsqlDbType.Bigint), Column(page, rows => rows.Through, NpgsqlDbType.Bigint));
            LongRead.Progress();
            foreach (var row in rows)
            {
                yield return row;
            }
        }
    }

    static NpgsqlParameter<T[]> Column<T>(List<NumberedRows> page, Func<NumberedRows, T> of, NpgsqlDbType type) =>
        new() { TypedValue = [.. page.Select(of)], NpgsqlDbType = NpgsqlDbType.Array | type };

    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params NpgsqlParameter[] more)
    {
        await using var command = LongRead.Command(connection, sql);
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = request.Interval.From });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = request.Interval.To });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = request.Interval.FromInstant });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = request.Interval.UntilInstant });
        foreach (var filter in new[] { request.Tenant, request.Jackpot, request.Player })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)filter ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        }

        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = request.ThresholdMicros });
        command.Parameters.AddRange(more);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(rows.Count < RowsMax ? read(reader) : throw new TooManyRowsException());
        }

        return rows;
    }

    static ReportCell[] Cells(NpgsqlDataReader row, ReportColumn[] columns)
    {
        var cells = new ReportCell[columns.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = row.IsDBNull(i) ? new ReportCell(columns[i].Kind, null) : columns[i].Kind switch
            {
                CellKind.Text => ReportCell.Text(row.GetString(i)),
                CellKind.Count => ReportCell.Count(row.GetInt64(i)),
                CellKind.Amount => ReportCell.Amount(row.GetSum(i)),
                CellKind.Instant => ReportCell.Instant(row.GetDateTime(i)),
                CellKind.Day => ReportCell.Day(row.GetFieldValue<DateOnly>(i)),
                _ => throw new InvalidOperationException($"A cell of kind {columns[i].Kind} cannot be read."),
            };
        }

        return cells;
    }
}

/// <summary>The question has more rows than one answer takes.</summary>
internal sealed class TooManyRowsException() : Exception($"the answer has more than {ReportQuery.RowsMax} rows; name a jackpot, a tenant or fewer days");
