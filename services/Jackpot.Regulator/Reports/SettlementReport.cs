using System.Collections.Immutable;
using Jackpot.Core.Ids;
using Jackpot.Core.Reports;
using Jackpot.Ledger.Storage;
using static Jackpot.Regulator.Reports.ReportColumn;

namespace Jackpot.Regulator.Reports;

/// <summary>
/// What each operator of a linked jackpot bears of each award: in proportion to what its players put in between the win before and this
/// one (R57, NRS 463.3715). Then, per operator, that share less what its own wallet paid to winners.
/// </summary>
internal static class SettlementReport
{
    static readonly ReportColumn[] ShareColumns =
    [
        Text("award_id"), Text("jackpot_id"), Text("pool_id"), Count("cycle"), Instant("awarded_at"), Amount("paid"), Text("currency"), Text("tenant_id"),
        Amount("contributed"), Amount("share"),
    ];

    static readonly ReportColumn[] TotalColumns = [Text("tenant_id"), Text("currency"), Amount("share"), Amount("paid_to_own_players"), Amount("to_settle")];

    public static async Task<ReportSection[]> ReadAsync(ReportQuery query, CancellationToken ct)
    {
        await query.RequireDaysAsync(DaysOfCycles, Won, ct);
        var parts = await query.RowsAsync(Sql, row => new Part(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetDateTime(4), row.GetSum(5), row.GetString(6),
            row.GetString(7), row.GetSum(8), row.GetSum(9)), ct);
        var shared = parts.GroupBy(part => part.Award).SelectMany(Shared).ToList();
        var shown = shared.Where(share => query.Request.Tenant is null || share.Part.Tenant == query.Request.Tenant).ToList();
        return
        [
            new("Shares by award", ShareColumns, [.. shown.Where(share => share.Part.Contributed > 0 || share.Micros > 0).Select(share => Row(share.Part, share.Micros))]),
            new("To settle by operator", TotalColumns, [.. shown.GroupBy(share => (share.Part.Tenant, share.Part.Currency))
                .OrderBy(group => group.Key.Tenant, StringComparer.Ordinal).ThenBy(group => group.Key.Currency, StringComparer.Ordinal)
                .Select(group => Total(group.Key.Tenant, group.Key.Currency, group.SumOf(share => share.Micros), group.SumOf(share => share.Part.PaidToOwn)))]),
        ];
    }

    /// <summary>An award that nobody's contribution led to is the operator's whose player won it.</summary>
    static IEnumerable<(Part Part, Int128 Micros)> Shared(IEnumerable<Part> award)
    {
        var parts = award.ToList();
        if (parts.TrueForAll(part => part.Contributed == 0))
        {
            return parts.Select(part => (part, part.PaidToOwn));
        }

        var shares = Settlement.ProRata(parts[0].Paid, [.. parts.Select(part => new OperatorContribution(TenantId.Parse(part.Tenant), part.Contributed))])
            .ToImmutableDictionary(share => share.Tenant.Value, share => share.Micros);
        return parts.Select(part => (part, shares[part.Tenant]));
    }

    static ReportCell[] Row(Part part, Int128 share) =>
    [
        ReportCell.Text(part.Award), ReportCell.Text(part.Jackpot), ReportCell.Text(part.Pool), ReportCell.Count(part.Cycle), ReportCell.Instant(part.AwardedAt),
        ReportCell.Amount(part.Paid), ReportCell.Text(part.Currency), ReportCell.Text(part.Tenant), ReportCell.Amount(part.Contributed), ReportCell.Amount(share),
    ];

    static ReportCell[] Total(string tenant, string currency, Int128 share, Int128 paid) =>
        [ReportCell.Text(tenant), ReportCell.Text(currency), ReportCell.Amount(share), ReportCell.Amount(paid), ReportCell.Amount(share - paid)];

    const string Won = $"""
        {ReportQuery.Scope},
        won AS (
            SELECT a.award_id, j.jackpot_id, q.pool_id, a.jackpot, a.cycle, a.awarded_at, a.amount::numeric + a.house AS paid, a.currency,
                   y.opened_after_sequence, a.sequence
            FROM award a JOIN scope j ON j.id = a.jackpot JOIN pool q ON q.id = a.pool JOIN cycle y ON y.pool = a.pool AND y.cycle = a.cycle
            WHERE a.awarded_at >= $3 AND a.awarded_at < $4)
        """;

    const string DaysOfCycles = """
        EXISTS (SELECT FROM won w JOIN batch b ON b.jackpot = w.jackpot AND b.first_sequence > w.opened_after_sequence AND b.first_sequence <= w.sequence
                WHERE b.day = a.day)
        """;

    // A tenant filter must not cut the other operators out of the proportion, so it is applied to the result.
    const string Sql = $"""
        WITH {Won},
        parts AS (
            SELECT w.award_id, c.tenant_id, sum(c.contribution) AS contributed, 0::numeric AS own
            FROM won w JOIN contribution c ON c.jackpot = w.jackpot AND c.sequence > w.opened_after_sequence AND c.sequence <= w.sequence
            GROUP BY w.award_id, c.tenant_id
            UNION ALL
            SELECT w.award_id, p.tenant_id, 0, sum(p.amount) FROM won w JOIN payout p ON p.award_id = w.award_id GROUP BY w.award_id, p.tenant_id)
        SELECT w.award_id, w.jackpot_id, w.pool_id, w.cycle, w.awarded_at, w.paid, w.currency, p.tenant_id, sum(p.contributed), sum(p.own)
        FROM won w JOIN parts p ON p.award_id = w.award_id
        GROUP BY w.award_id, w.jackpot_id, w.pool_id, w.cycle, w.awarded_at, w.paid, w.currency, p.tenant_id
        ORDER BY w.awarded_at, w.award_id, p.tenant_id
        """;

    sealed record Part(
        string Award, string Jackpot, string Pool, long Cycle, DateTime AwardedAt, Int128 Paid, string Currency, string Tenant, Int128 Contributed, Int128 PaidToOwn);
}
