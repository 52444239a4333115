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

    // What was carried was taken back after its cycle had dropped, or by two people: the pools are as they were, so the operator bears it.
    static readonly ReportColumn[] VoidColumns =
    [
        Text("tenant_id"), Text("jackpot_id"), Text("currency"), Count("voids"), Amount("voided"), Amount("out_of_pools"), Amount("carried_by_operator"),
    ];

    public static async Task<ReportSection[]> ReadAsync(ReportQuery query, CancellationToken ct)
    {
        await query.RequireDaysAsync(DaysOfCycles, Won, ct);
        var parts = await PartsAsync(query, ct);
        var shared = parts.GroupBy(part => part.Award).SelectMany(Shared).ToList();
        var shown = shared.Where(share => query.Request.Tenant is null || share.Part.Tenant == query.Request.Tenant).ToList();
        return
        [
            new("Shares by award", ShareColumns, [.. shown.Where(share => share.Part.Contributed > 0 || share.Micros > 0).Select(share => Row(share.Part, share.Micros))]),
            new("To settle by operator", TotalColumns, [.. shown.GroupBy(share => (share.Part.Tenant, share.Part.Currency))
                .OrderBy(group => group.Key.Tenant, StringComparer.Ordinal).ThenBy(group => group.Key.Currency, StringComparer.Ordinal)
                .Select(group => Total(group.Key.Tenant, group.Key.Currency, group.SumOf(share => share.Micros), group.SumOf(share => share.Part.PaidToOwn)))]),
            new("Voided contributions by operator", VoidColumns, [.. (await query.RowsAsync(VoidedSql, row => (
                Jackpot: row.GetString(0), Currency: row.GetString(1), Tenant: row.GetString(2), Count: row.GetInt64(3), Voided: row.GetSum(4), Carried: row.GetSum(5)), ct))
                .Where(row => query.Request.Tenant is null || row.Tenant == query.Request.Tenant)
                .Select(row => new[] { ReportCell.Text(row.Tenant), ReportCell.Text(row.Jackpot), ReportCell.Text(row.Currency), ReportCell.Count(row.Count), ReportCell.Amount(row.Voided), ReportCell.Amount(row.Voided - row.Carried), ReportCell.Amount(row.Carried) })]),
        ];
    }

    /// <summary>What every operator put into each award's cycle, added up page by page, and what its wallet paid; award by award, in order.</summary>
    static async Task<List<Part>> PartsAsync(ReportQuery query, CancellationToken ct)
    {
        var cycles = await query.RowsAsync(CyclesSql, row => (
            Won: new Part(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetDateTime(4), row.GetSum(5), row.GetString(6), "", 0, 0),
            Jackpot: row.GetInt32(7), After: row.GetInt64(8), Through: row.GetInt64(9)), ct);
        var places = cycles.Select((cycle, index) => (cycle.Won.Award, index)).ToDictionary(place => place.Award, place => place.index, StringComparer.Ordinal);
        var parts = new Dictionary<(int Award, string Tenant), (Int128 Contributed, Int128 Own)>();
        foreach (var (award, tenant, own) in await query.RowsAsync(PaidSql, row => (row.GetString(0), row.GetString(1), row.GetSum(2)), ct))
        {
            parts[(places[award], tenant)] = (0, own);
        }

        var rows = cycles.Select((cycle, index) => NumberedRows.Of(index, cycle.Jackpot, cycle.After, cycle.Through));
        await foreach (var (award, tenant, micros) in query.PagesAsync(rows, ContributedSql, row => (row.GetInt32(0), row.GetString(1), row.GetSum(2)), ct))
        {
            var (contributed, own) = parts.GetValueOrDefault((award, tenant));
            parts[(award, tenant)] = (contributed + micros, own);
            if (parts.Count > ReportQuery.RowsMax)
            {
                throw new TooManyRowsException();
            }
        }

        return [.. parts.OrderBy(part => part.Key.Award).ThenBy(part => part.Key.Tenant, StringComparer.Ordinal)
            .Select(part => cycles[part.Key.Award].Won with { Tenant = part.Key.Tenant, Contributed = part.Value.Contributed, PaidToOwn = part.Value.Own })];
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

    const string CyclesSql = $"""
        WITH {Won}
        SELECT award_id, jackpot_id, pool_id, cycle, awarded_at, paid, currency, jackpot, opened_after_sequence, sequence FROM won ORDER BY awarded_at, award_id
        """;

    // A tenant filter must not cut the other operators out of the proportion, so it is applied to the result.
    const string PaidSql = $"""
        WITH {Won}
        SELECT w.award_id, p.tenant_id, sum(p.amount - p.settlement) FROM won w JOIN payout p ON p.award_id = w.award_id GROUP BY w.award_id, p.tenant_id
        """;

    const string VoidedSql = $"""
        WITH {ReportQuery.Scope}
        SELECT j.jackpot_id, j.currency, v.tenant_id, count(*), sum(v.contribution), sum(v.carried)
        FROM void v JOIN scope j ON j.id = v.jackpot WHERE v.voided_at >= $3 AND v.voided_at < $4
        GROUP BY j.jackpot_id, j.currency, v.tenant_id ORDER BY v.tenant_id, j.jackpot_id
        """;

    const string ContributedSql = """
        SELECT r.award, c.tenant_id, sum(c.micros) FROM unnest($9, $10, $11, $12) AS r (award, jackpot, after, through)
        CROSS JOIN LATERAL (
            SELECT tenant_id, sum(micros) AS micros FROM (
                SELECT tenant_id, contribution AS micros FROM contribution WHERE jackpot = r.jackpot AND sequence > r.after AND sequence <= r.through
                UNION ALL
                SELECT tenant_id, carried - contribution FROM void WHERE jackpot = r.jackpot AND sequence > r.after AND sequence <= r.through) x
            GROUP BY tenant_id) c
        GROUP BY r.award, c.tenant_id
        """;

    sealed record Part(
        string Award, string Jackpot, string Pool, long Cycle, DateTime AwardedAt, Int128 Paid, string Currency, string Tenant, Int128 Contributed, Int128 PaidToOwn);
}
