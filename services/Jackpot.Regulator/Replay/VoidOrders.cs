using Jackpot.Core.Pools;
using Jackpot.Core.Voids;
using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Regulator.Replay;

/// <summary>Reads a step of voids as it was asked for, with the bets as they were then.</summary>
internal static class VoidOrders
{
    /// <summary>Null when a bet, or the terms that it was decided under, is not in the tables.</summary>
    public static async Task<IReadOnlyList<VoidOrder>?> ReadAsync(NpgsqlConnection connection, StoredHistory history, long firstNumber, CancellationToken ct)
    {
        await using var command = LongRead.Command(connection, """
            SELECT v.sequence, v.bet, v.road, c.stake, c.bet, b.config_version,
                   (SELECT coalesce(sum(w.bet), 0)::bigint FROM void w WHERE w.jackpot = v.jackpot AND w.sequence = v.sequence AND w.number < s.first_number), c.funding
            FROM void_step s JOIN void v ON v.jackpot = s.jackpot AND v.number BETWEEN s.first_number AND s.first_number + s.count - 1
            LEFT JOIN LATERAL (SELECT config_version FROM batch WHERE jackpot = v.jackpot AND first_sequence <= v.sequence ORDER BY first_sequence DESC LIMIT 1) b ON true
            LEFT JOIN LATERAL (SELECT stake, bet, funding FROM contribution WHERE jackpot = v.jackpot AND sequence = v.sequence AND day = v.bet_day) c ON true
            WHERE s.jackpot = $1 AND s.first_number = $2 ORDER BY v.number
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = history.Now.Number });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = firstNumber });
        await using var row = await command.ExecuteReaderAsync(ct);
        var orders = new List<VoidOrder>();
        while (await row.ReadAsync(ct))
        {
            if (row.IsDBNull(3) || row.IsDBNull(5) || !history.Terms.TryGetValue(row.GetInt32(5), out var terms))
            {
                return null;
            }

            var bet = new VoidableBet(row.GetInt64(0), row.GetInt64(3), row.GetInt64(4), terms.Config, row.GetInt64(6), (BetFunding)row.GetInt16(7));
            orders.Add(new VoidOrder(bet, row.GetInt64(1), (VoidRoad)row.GetInt16(2)));
        }

        return orders;
    }
}
