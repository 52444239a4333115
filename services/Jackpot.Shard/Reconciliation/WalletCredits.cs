using Jackpot.Contracts.Views;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Awards;
using Jackpot.Shard.Payouts;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Reconciliation;

/// <summary>Reads what an operator's own list of credits is held against.</summary>
internal sealed class WalletCredits(NpgsqlDataSource database, WalletClient wallets)
{
    /// <summary>Of one page.</summary>
    public const int RowsMax = 1_000;

    /// <summary>Payouts that are asked for by their ids at once.</summary>
    public const int IdsMax = 50;

    // What was sent to an account before a re-route is another credit.
    const string Columns = """
        p.payout_id, p.route, coalesce(p.to_player, p.player_id), coalesce(p.paid, p.amount), coalesce(p.paid_currency, a.currency), p.state, p.changed_at,
        coalesce((SELECT min(s.at) FROM payout_step s WHERE s.payout_id = p.payout_id AND s.state = 'crediting'
                  AND s.number > (SELECT coalesce(max(r.number), 0) FROM payout_step r WHERE r.payout_id = p.payout_id AND r.state = 'requested')), p.changed_at)
        """;

    /// <summary>
    /// What this operator has credited of a time, by when that was known, and beside it what may be credited: whatever is neither credited nor over, but was
    /// sent. What is below a minor unit is never sent.
    /// </summary>
    /// <param name="after">The payout that the last page ended with.</param>
    public Task<WalletCreditList> ListAsync(string tenantId, DateTimeOffset from, DateTimeOffset until, string? after, int limit, CancellationToken ct) => ReadAsync(
        $"""
         SELECT {Columns} FROM payout p JOIN award a USING (award_id)
         WHERE coalesce(p.to_tenant, p.tenant_id) = $1 AND coalesce(p.paid, p.amount) > 0
           AND ((p.state = 'credited' AND p.changed_at >= $2 AND p.changed_at < $3) OR (p.state IN ('requested', 'crediting', 'held') AND p.attempts > 0))
           AND ($4::text IS NULL OR (p.changed_at, p.payout_id) > ((SELECT l.changed_at FROM payout l WHERE l.payout_id = $4), $4))
         ORDER BY p.changed_at, p.payout_id LIMIT {limit}
         """,
        tenantId, limit, ct,
        new NpgsqlParameter<DateTime> { TypedValue = from.UtcDateTime }, new NpgsqlParameter<DateTime> { TypedValue = until.UtcDateTime },
        new NpgsqlParameter { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });

    /// <summary>Those of these payouts that the operator is to pay, in whatever state they are.</summary>
    public Task<WalletCreditList> FindAsync(string tenantId, string[] payoutIds, CancellationToken ct) => ReadAsync(
        $"SELECT {Columns} FROM payout p JOIN award a USING (award_id) WHERE coalesce(p.to_tenant, p.tenant_id) = $1 AND p.payout_id = ANY ($2) ORDER BY p.payout_id",
        tenantId, int.MaxValue, ct, new NpgsqlParameter<string[]> { TypedValue = payoutIds });

    async Task<WalletCreditList> ReadAsync(string sql, string tenantId, int limit, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.AddRange(parameters);
        await using var row = await command.ExecuteReaderAsync(ct);
        var credits = new List<WalletCreditView>();
        while (await row.ReadAsync(ct))
        {
            credits.Add(new WalletCreditView(
                row.GetString(0), wallets.IdThere(tenantId, Payout.TransactionIdOf(row.GetString(0), row.GetInt32(1))), row.GetString(2),
                new Money(row.GetInt64(3), Currency.Parse(row.GetString(4))), row.GetString(5),
                row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(6)));
        }

        return new WalletCreditList(credits, credits.Count == limit ? credits[^1].PayoutId : null);
    }
}
