using static Jackpot.Regulator.Reports.ReportColumn;

namespace Jackpot.Regulator.Reports;

/// <summary>Who won what, where and when. These name players and are read on the shard's own address alone.</summary>
internal static class WinReports
{
    // A staff user who decides over a payout writes "payout <id>" as the component into the audit log.
    const string Shares = $"""
        WITH {ReportQuery.Scope}
        SELECT a.award_id, j.jackpot_id, q.pool_id, a.cycle, p.tenant_id, p.player_id, a.game_id, a.round_id, a.awarded_at,
               a.amount::numeric + a.house, p.amount, a.currency, p.payout_id, p.state, p.changed_at,
               coalesce((SELECT string_agg(DISTINCT e.person, '; ') FROM audit_entry e WHERE e.component = 'payout ' || p.payout_id),
                        CASE p.state WHEN 'credited' THEN 'automatic' END)
        FROM award a JOIN scope j ON j.id = a.jackpot JOIN pool q ON q.id = a.pool JOIN payout p ON p.award_id = a.award_id
        WHERE a.awarded_at >= $3 AND a.awarded_at < $4
        """;

    const string InOrder = " ORDER BY a.awarded_at, a.award_id, p.winner";

    static readonly ReportColumn[] Columns =
    [
        Text("award_id"), Text("jackpot_id"), Text("pool_id"), Count("cycle"), Text("tenant_id"), Text("player_id"), Text("game_id"), Text("round_id"),
        Instant("triggered_at"), Amount("award"), Amount("payoff"), Text("currency"), Text("payout_id"), Text("payout_state"), Instant("payout_changed_at"),
        Text("confirmed_by"),
    ];

    /// <summary>Awards from the threshold on, one row per winner, with who confirmed the payment (R49, GLI-19 2.9.4).</summary>
    public static async Task<ReportSection[]> LargeAwardsAsync(ReportQuery query, CancellationToken ct) =>
        [await query.SectionAsync("Large awards", Columns, Shares + " AND a.amount::numeric + a.house >= $8 AND ($5 IS NULL OR p.tenant_id = $5)" + InOrder, ct)];

    /// <summary>What one player of one operator won (R58, GLI-19 2.5.7).</summary>
    public static async Task<ReportSection[]> PlayerStatementAsync(ReportQuery query, CancellationToken ct) =>
        [await query.SectionAsync("Jackpot wins", Columns, Shares + " AND p.tenant_id = $5 AND p.player_id = $7" + InOrder, ct)];

    /// <summary>Time and place of each win, without the player (R52, NJ 1.39C).</summary>
    public static Task<ReportSection> WinsAsync(ReportQuery query, CancellationToken ct) => query.SectionAsync(
        "Wins",
        [Instant("won_at"), Text("jackpot_id"), Text("pool_id"), Count("cycle"), Amount("amount"), Text("currency"), Text("tenant_id"), Text("game_id"), Text("round_id"), Text("award_id")],
        $"""
        WITH {ReportQuery.Scope}
        SELECT a.awarded_at, j.jackpot_id, q.pool_id, a.cycle, a.amount::numeric + a.house, a.currency, a.tenant_id, a.game_id, a.round_id, a.award_id
        FROM award a JOIN scope j ON j.id = a.jackpot JOIN pool q ON q.id = a.pool
        WHERE a.awarded_at >= $3 AND a.awarded_at < $4 ORDER BY a.awarded_at, a.award_id
        """, ct);
}
