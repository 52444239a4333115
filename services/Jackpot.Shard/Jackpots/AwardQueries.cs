using Jackpot.Contracts.Views;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Jackpots;
using Npgsql;

namespace Jackpot.Shard.Jackpots;

/// <summary>Reads awards and how far their payouts are, from the primary as all reads.</summary>
internal sealed class AwardQueries(NpgsqlDataSource database)
{
    const string Columns = """
        SELECT p.payout_id, p.state, p.reason, p.attempts, p.changed_at, p.winner, p.amount, p.part, p.tenant_id, p.player_id,
               a.award_id, q.pool_id, j.jackpot_id, a.cycle, a.sequence, a.amount, a.currency, a.awarded_at, a.house, a.winning_tickets,
               (SELECT count(*) FROM payout w WHERE w.award_id = a.award_id)::int
        FROM award a JOIN pool q ON q.id = a.pool JOIN jackpot j ON j.id = a.jackpot JOIN payout p ON p.award_id = a.award_id
        """;

    /// <summary>The newest awards of a jackpot with the first winner's payout, without players.</summary>
    public async Task<List<AwardView>> NewestAsync(JackpotEntry jackpot, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            Columns + " WHERE a.jackpot = $1 AND p.winner = 0 ORDER BY a.sequence DESC, a.cycle DESC, a.pool LIMIT $2");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.Number });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return await JackpotQueries.ReadAsync(command, reader => Award(reader, Payout(reader, tenantId: null), null), ct);
    }

    /// <summary>One award with every payout, when a player of this tenant has a share of it. Other operators' players are not named.</summary>
    public async Task<AwardView?> FindAsync(string awardId, string tenantId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            Columns + " WHERE a.award_id = $1 AND EXISTS (SELECT FROM payout o WHERE o.award_id = $1 AND o.tenant_id = $2) ORDER BY p.winner");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = awardId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        AwardView? award = null;
        var payouts = new List<PayoutView>();
        while (await reader.ReadAsync(ct))
        {
            payouts.Add(Payout(reader, tenantId));
            award ??= Award(reader, payouts[0], payouts);
        }

        return award;
    }

    static AwardView Award(NpgsqlDataReader row, PayoutView first, List<PayoutView>? all) => new(
        row.GetString(10), row.GetString(11), row.GetString(12), row.GetInt64(13), row.GetInt64(14), Money(row, 15),
        row.GetFieldValue<DateTimeOffset>(17), first, first.PlayerId, row.GetInt32(20), row.GetInt64(18) > 0 ? Money(row, 18) : null,
        row.GetFieldValue<long[]>(19) is { Length: > 0 } tickets ? tickets : null, all);

    static PayoutView Payout(NpgsqlDataReader row, string? tenantId) => new(
        row.GetString(0), row.GetString(1), Text(row, 2), row.GetInt32(3), row.GetFieldValue<DateTimeOffset>(4), row.GetInt32(5),
        row.GetString(1) == Ledger.Awards.Payout.Sharing ? null : Money(row, 6), Text(row, 7), row.GetString(8) == tenantId ? row.GetString(9) : null);

    static Money Money(NpgsqlDataReader row, int column) => new(row.GetInt64(column), Currency.Parse(row.GetString(16)));

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
