using System.Globalization;
using static Jackpot.Regulator.Reports.ReportColumn;

namespace Jackpot.Regulator.Reports;

/// <summary>Every contribution and every award, page by page in the order of jackpots and sequences (R59, Georgia Order 240).</summary>
internal static class TransactionsReport
{
    /// <summary>Contributions of one page; the awards that belong to them come with it.</summary>
    public const int PageRows = 10_000;

    static readonly ReportColumn[] Columns =
    [
        Text("kind"), Text("jackpot_id"), Count("sequence"), Instant("at"), Instant("occurred_at"), Text("tenant_id"), Text("player_id"), Text("game_id"), Text("round_id"), Text("id"),
        Amount("bet"), Text("bet_currency"), Amount("stake"), Amount("contribution"), Amount("award"), Text("currency"), Text("pool_id"), Text("funding"),
    ];

    public static async Task<(ReportSection Section, string? Next)> PageAsync(ReportQuery query, CancellationToken ct)
    {
        var (jackpot, sequence) = Cursor.Parse(query.Request.After);
        await query.RequireDaysAsync("a.day BETWEEN $1 AND $2", ReportQuery.Scope, ct);
        var rows = await query.RowsAsync(Contributions(jackpot, sequence), row => (Place: new Cursor(row.GetInt32(0), row.GetInt64(1)), Cells: Contribution(row)), ct);
        var last = rows.Count == PageRows ? rows[^1].Place : (Cursor?)null;
        rows.AddRange(await query.RowsAsync(Awards(jackpot, sequence, last, first: query.Request.After is null), row => (Place: new Cursor(row.GetInt32(0), row.GetInt64(1)), Cells: Award(row)), ct));
        return (new ReportSection("Transactions", Columns, [.. rows.OrderBy(row => row.Place).Select(row => row.Cells)]), last?.ToString());
    }

    static string Contributions(int jackpot, long sequence) => $"""
        WITH {ReportQuery.Scope}
        SELECT j.id, c.sequence, j.jackpot_id, c.received_at, c.occurred_at, c.tenant_id, c.player_id, c.game_id, c.round_id, c.contribution_id, c.bet, c.bet_currency,
               c.stake, c.contribution, j.currency, {FundingName.Of("c.funding")}
        FROM scope j JOIN contribution c ON c.jackpot = j.id
        WHERE c.day BETWEEN $1 AND $2 AND ($5 IS NULL OR c.tenant_id = $5) AND (c.jackpot, c.sequence) > ({Digits(jackpot)}, {Digits(sequence)})
        ORDER BY c.jackpot, c.sequence LIMIT {PageRows}
        """;

    // The award of an external drop has no contribution of its own: its place is after the last one before it, which may be on an earlier day or page.
    static string Awards(int jackpot, long sequence, Cursor? last, bool first) => $"""
        WITH {ReportQuery.Scope}
        SELECT j.id, a.sequence, j.jackpot_id, a.awarded_at, p.tenant_id, p.player_id, a.game_id, a.round_id, p.payout_id, p.amount, j.currency, q.pool_id
        FROM award a JOIN scope j ON j.id = a.jackpot JOIN pool q ON q.id = a.pool JOIN payout p ON p.award_id = a.award_id
        WHERE a.awarded_at >= $3 AND a.awarded_at < $4 AND ($5 IS NULL OR p.tenant_id = $5)
          {(first ? "" : $"AND (a.jackpot, a.sequence) > ({Digits(jackpot)}, {Digits(sequence)})")}
          {(last is { } end ? $"AND (a.jackpot, a.sequence) <= ({Digits(end.Jackpot)}, {Digits(end.Sequence)})" : "")}
        ORDER BY a.jackpot, a.sequence, a.award_id, p.winner
        """;

    static ReportCell[] Contribution(Npgsql.NpgsqlDataReader row) =>
    [
        ReportCell.Text("contribution"), ReportCell.Text(row.GetString(2)), ReportCell.Count(row.GetInt64(1)), ReportCell.Instant(row.GetDateTime(3)),
        ReportCell.Instant(row.GetDateTime(4)), .. Enumerable.Range(5, 5).Select(column => ReportCell.Text(row.GetString(column))),
        ReportCell.Amount(row.GetInt64(10)), ReportCell.Text(row.GetString(11)), ReportCell.Amount(row.GetInt64(12)), ReportCell.Amount(row.GetInt64(13)),
        new(CellKind.Amount, null), ReportCell.Text(row.GetString(14)), ReportCell.Text(null), ReportCell.Text(row.GetString(15)),
    ];

    static ReportCell[] Award(Npgsql.NpgsqlDataReader row) =>
    [
        ReportCell.Text("award"), ReportCell.Text(row.GetString(2)), ReportCell.Count(row.GetInt64(1)), ReportCell.Instant(row.GetDateTime(3)),
        new(CellKind.Instant, null),
        .. Enumerable.Range(4, 5).Select(column => ReportCell.Text(row.GetString(column))), new(CellKind.Amount, null), ReportCell.Text(null),
        new(CellKind.Amount, null), new(CellKind.Amount, null), ReportCell.Amount(row.GetInt64(9)), ReportCell.Text(row.GetString(10)), ReportCell.Text(row.GetString(11)), ReportCell.Text(null),
    ];

    static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A place in the order: the jackpot's number and a sequence, as <c>7.1000</c>.</summary>
    public readonly record struct Cursor(int Jackpot, long Sequence) : IComparable<Cursor>
    {
        /// <exception cref="FormatException">The text is no place.</exception>
        public static Cursor Parse(string? text)
        {
            if (text is null)
            {
                return default;
            }

            var parts = text.Split('.');
            return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var jackpot)
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? new Cursor(jackpot, sequence)
                : throw new FormatException("'after' is the 'next' of the page before");
        }

        public int CompareTo(Cursor other) => (Jackpot, Sequence).CompareTo((other.Jackpot, other.Sequence));

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Jackpot}.{Sequence}");
    }
}
