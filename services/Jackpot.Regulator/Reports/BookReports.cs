using Jackpot.Ledger.Archive;
using static Jackpot.Regulator.Reports.ReportColumn;

namespace Jackpot.Regulator.Reports;

/// <summary>What the pools hold and how it got there, from the journal by day.</summary>
internal static class BookReports
{
    /// <summary>closing = opening + contributions + house seeded - awarded + transferred, over the interval (R51, Georgia 17.2).</summary>
    public static async Task<ReportSection[]> BalancingAsync(ReportQuery query, CancellationToken ct) =>
    [
        await query.SectionAsync(
            "Balancing by pool",
            [
                Text("jackpot_id"), Text("pool_id"), Amount("opening"), Amount("contributions"), Amount("house_seeded"), Amount("awarded"),
                Amount("transferred"), Amount("closing"), Amount("difference"), Text("currency"),
            ],
            $"""
            WITH {ReportQuery.Scope}, books AS (
                SELECT j.jackpot_id, p.pool_id, p.tier, j.currency, {Moved("t.day < $1")} AS opening,
                       -{Sum("players")} AS contributions, -{Sum("house")} AS house_seeded, {Sum("awards")} AS awarded, -{Sum("transfer")} AS transferred,
                       s.increment::numeric + s.seed + s.reserve + s.overflow - {Moved("t.day > $2")} AS closing, bool_or(t.day <= $2) AS lived
                FROM scope j JOIN pool p ON p.jackpot = j.id JOIN pool_state s ON s.id = p.id JOIN {DaySums.Journal} t ON t.pool = p.id
                GROUP BY j.jackpot_id, p.id, s.id, j.currency)
            SELECT jackpot_id, pool_id, opening, contributions, house_seeded, awarded, transferred, closing,
                   closing - (opening + contributions + house_seeded - awarded + transferred), currency
            FROM books WHERE lived ORDER BY jackpot_id, tier
            """, ct),
    ];

    /// <summary>Whose money lies in the pools at the end of the interval, and what winners are still owed (R55, R56).</summary>
    public static async Task<ReportSection[]> LiabilityAsync(ReportQuery query, CancellationToken ct) =>
    [
        await query.SectionAsync("Liability by jackpot", [Text("jackpot_id"), .. LiabilityColumns], $"{Liability} SELECT jackpot_id, {LiabilitySums} FROM held GROUP BY jackpot_id, currency ORDER BY jackpot_id", ct),
        await query.SectionAsync("Liability by currency", LiabilityColumns, $"{Liability} SELECT {LiabilitySums} FROM held GROUP BY currency ORDER BY currency", ct),
    ];

    static readonly ReportColumn[] LiabilityColumns =
        [Amount("player_funded"), Amount("seed"), Amount("reserve"), Amount("overflow"), Amount("awards_unpaid"), Amount("total"), Text("currency")];

    const string LiabilitySums = """
        sum(increment), sum(seed), sum(reserve), sum(overflow), sum(unpaid),
        sum(increment + seed + reserve + overflow + unpaid), currency
        """;

    static readonly string Liability = $"""
        WITH {ReportQuery.Scope}, held AS (
            SELECT j.jackpot_id, j.currency, s.increment - {Later("increment")} AS increment, s.seed - {Later("seed")} AS seed,
                   s.reserve - {Later("reserve")} AS reserve, s.overflow - {Later("overflow")} AS overflow, 0::numeric AS unpaid
            FROM scope j JOIN pool p ON p.jackpot = j.id JOIN pool_state s ON s.id = p.id JOIN {DaySums.Journal} t ON t.pool = p.id
            GROUP BY j.jackpot_id, j.currency, p.id, s.id HAVING bool_or(t.day <= $2)
            UNION ALL
            SELECT j.jackpot_id, j.currency, 0, 0, 0, 0, p.amount
            FROM award a JOIN scope j ON j.id = a.jackpot JOIN payout p ON p.award_id = a.award_id
            WHERE a.awarded_at < $4 AND (p.state <> 'credited' OR p.changed_at >= $4))
        """;

    /// <summary>What each pool showed when each day closed; today's row is what it shows so far (R28).</summary>
    public static async Task<ReportSection[]> DailyAmountsAsync(ReportQuery query, CancellationToken ct) =>
    [
        await query.SectionAsync(
            "Amounts at the close of each day (UTC)",
            [Day("day"), Text("jackpot_id"), Text("pool_id"), Amount("displayed"), Amount("reserve"), Amount("overflow"), Text("currency")],
            $"""
            WITH {ReportQuery.Scope}, moved AS (
                SELECT t.pool, t.day, sum(t.increment + t.seed) AS shown, sum(t.reserve) AS reserve, sum(t.overflow) AS overflow
                FROM {DaySums.Journal} t JOIN pool p ON p.id = t.pool JOIN scope j ON j.id = p.jackpot WHERE t.day <= $2 GROUP BY t.pool, t.day),
            days AS (
                SELECT pool, first + n AS day FROM (SELECT pool, min(day) AS first FROM moved GROUP BY pool) m, generate_series(0, $2 - first) AS n),
            closes AS (
                SELECT d.pool, d.day, sum(m.shown) OVER upto AS shown, sum(m.reserve) OVER upto AS reserve, sum(m.overflow) OVER upto AS overflow
                FROM days d LEFT JOIN moved m ON m.pool = d.pool AND m.day = d.day WINDOW upto AS (PARTITION BY d.pool ORDER BY d.day))
            SELECT c.day, j.jackpot_id, p.pool_id, c.shown, c.reserve, c.overflow, j.currency
            FROM closes c JOIN pool p ON p.id = c.pool JOIN scope j ON j.id = p.jackpot
            WHERE c.day >= $1 ORDER BY c.day, j.jackpot_id, p.tier
            """, ct),
    ];

    static string Sum(string column) => $"coalesce(sum(t.{column}) FILTER (WHERE t.day BETWEEN $1 AND $2), 0)";

    static string Moved(string when) => $"coalesce(sum(t.increment + t.seed + t.reserve + t.overflow) FILTER (WHERE {when}), 0)";

    static string Later(string column) => $"coalesce(sum(t.{column}) FILTER (WHERE t.day > $2), 0)";
}
