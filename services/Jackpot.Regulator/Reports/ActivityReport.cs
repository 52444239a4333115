using Jackpot.Ledger.Archive;
using static Jackpot.Regulator.Reports.ReportColumn;

namespace Jackpot.Regulator.Reports;

/// <summary>All meters of every pool, each win's time and place, and the errors (R02, R52, NJ 1.39A and 1.39C).</summary>
internal static class ActivityReport
{
    public static async Task<ReportSection[]> ReadAsync(ReportQuery query, CancellationToken ct) =>
    [
        await query.SectionAsync("Meters at the end of the interval", Meters, MetersSql, ct),
        await WinReports.WinsAsync(query, ct),
        await query.SectionAsync(
            "Errors",
            [Instant("found_at"), Text("jackpot_id"), Count("version"), Text("differences")],
            $"""
            WITH {ReportQuery.Scope}
            SELECT i.found_at, j.jackpot_id, i.version, i.differences::text FROM balancing_incident i JOIN scope j ON j.id = i.jackpot
            WHERE i.found_at >= $3 AND i.found_at < $4 ORDER BY i.found_at, j.jackpot_id
            """, ct),
        await query.SectionAsync("Wagers by funding", ByFunding, ByFundingSql, ct),
    ];

    static readonly ReportColumn[] ByFunding =
        [Text("jackpot_id"), Text("tenant_id"), Text("funding"), Count("wagers"), Amount("stake"), Amount("contribution"), Text("currency")];

    static readonly string ByFundingSql = $"""
        WITH {ReportQuery.Scope}
        SELECT j.jackpot_id, c.tenant_id, {FundingName.Of("c.funding")}, sum(c.count)::bigint, sum(c.stake), sum(c.contribution), j.currency
        FROM {DaySums.Contributions} c JOIN scope j ON j.id = c.jackpot
        WHERE c.day BETWEEN $1 AND $2 AND ($5 IS NULL OR c.tenant_id = $5)
        GROUP BY j.jackpot_id, c.tenant_id, c.funding, j.currency ORDER BY j.jackpot_id, c.tenant_id, c.funding
        """;

    // in_meter counts qualifying wagers, hits the awards, wins their value; _ltd is since the beginning.
    static readonly ReportColumn[] Meters =
    [
        Text("jackpot_id"), Text("pool_id"), Text("status"), Count("in_meter"), Count("in_meter_ltd"), Amount("display"), Count("hits"), Count("hits_ltd"),
        Amount("wins"), Amount("wins_ltd"), Amount("overflow"), Amount("reserve"), Text("currency"),
    ];

    const string MetersSql = $"""
        WITH {ReportQuery.Scope},
        wagers AS (
            SELECT c.jackpot, sum(c.count) FILTER (WHERE c.day >= $1) AS now, sum(c.count) AS ever
            FROM {DaySums.Contributions} c JOIN scope j ON j.id = c.jackpot WHERE c.day <= $2 GROUP BY c.jackpot),
        won AS (
            SELECT a.pool, count(*) FILTER (WHERE a.awarded_at >= $3) AS hits, count(*) AS hits_ever,
                   sum(a.amount::numeric + a.house) FILTER (WHERE a.awarded_at >= $3) AS wins, sum(a.amount::numeric + a.house) AS wins_ever
            FROM award a JOIN scope j ON j.id = a.jackpot WHERE a.awarded_at < $4 GROUP BY a.pool),
        held AS (
            SELECT t.pool, sum(t.increment + t.seed) AS shown, sum(t.overflow) AS overflow, sum(t.reserve) AS reserve
            FROM {DaySums.Journal} t JOIN pool p ON p.id = t.pool JOIN scope j ON j.id = p.jackpot WHERE t.day <= $2 GROUP BY t.pool)
        SELECT j.jackpot_id, p.pool_id, s.status, coalesce(w.now, 0)::bigint, coalesce(w.ever, 0)::bigint, h.shown, coalesce(o.hits, 0),
               coalesce(o.hits_ever, 0), coalesce(o.wins, 0), coalesce(o.wins_ever, 0), h.overflow, h.reserve, j.currency
        FROM scope j JOIN jackpot_state s ON s.id = j.id JOIN pool p ON p.jackpot = j.id JOIN held h ON h.pool = p.id
        LEFT JOIN wagers w ON w.jackpot = j.id LEFT JOIN won o ON o.pool = p.id
        ORDER BY j.jackpot_id, p.tier
        """;
}
