using static Jackpot.Regulator.Reports.ReportColumn;

namespace Jackpot.Regulator.Reports;

/// <summary>Every change of parameters: which terms came into force, and what the audit log records of who, why, before and after (R22, R52).</summary>
internal static class ChangeReport
{
    public static async Task<ReportSection[]> ReadAsync(ReportQuery query, CancellationToken ct) =>
    [
        await query.SectionAsync(
            "Terms that came into force",
            [Instant("in_force_at"), Text("jackpot_id"), Count("version"), Count("after_sequence"), Text("before"), Text("after")],
            $"""
            WITH {ReportQuery.Scope}
            SELECT t.in_force_at, j.jackpot_id, t.version::bigint, t.after_sequence, b.definition::text, t.definition::text
            FROM jackpot_terms t JOIN scope j ON j.id = t.jackpot LEFT JOIN jackpot_terms b ON b.jackpot = t.jackpot AND b.version = t.version - 1
            WHERE t.in_force_at >= $3 AND t.in_force_at < $4 ORDER BY t.in_force_at, j.jackpot_id, t.version
            """, ct),
        await query.SectionAsync(
            "Audit log",
            [
                Count("number"), Instant("at"), Text("component"), Text("action"), Text("person"), Text("authorised_by"), Text("why"), Text("before"),
                Text("after"), Text("hash"),
            ],
            $"""
            WITH {ReportQuery.Scope}
            SELECT number, to_timestamp(at_ms / 1000.0), component, action, person, authorised_by, why, before, after, encode(hash, 'hex')
            FROM audit_entry
            WHERE at_ms >= extract(epoch FROM $3::timestamptz)::bigint * 1000 AND at_ms < extract(epoch FROM $4::timestamptz)::bigint * 1000
              AND (($5 IS NULL AND $6 IS NULL) OR component IN (SELECT 'jackpot ' || jackpot_id FROM scope))
            ORDER BY number
            """, ct),
    ];
}
