using System.Collections.Immutable;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Jackpots;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.ExternalTriggers;

/// <summary>
/// Who holds which ticket of a raffle. Tickets are numbered in the order of buying: each full ticket price in a stake is one, if the stake
/// puts anything into the pool.
/// </summary>
internal static class TicketHolders
{
    /// <summary>One pass over the rows of the cycle, during which the jackpot takes nothing: about a second per million contributions.</summary>
    const int ReadSecondsMax = 60;

    /// <summary>The holders of drawn tickets, in the order in which those were drawn. The jackpot is locked, so nobody buys one meanwhile.</summary>
    /// <exception cref="ArchivedRowsException">Some were bought so long ago that their rows are in the archive.</exception>
    public static async Task<ImmutableArray<Winner>> FindAsync(
        NpgsqlConnection connection, LoadedJackpot jackpot, int tier, long ticketPriceMicros, ImmutableArray<long> tickets, CancellationToken ct)
    {
        var cycle = new RowRange(jackpot.Number, jackpot.State.Pools[tier].OpenedAfterSequence, jackpot.State.Sequence);
        var least = Math.Max(ticketPriceMicros, PoolRules.LeastStakeMicros(jackpot.Config.Pools[tier], jackpot.State.Pools[tier].RulesVersion));
        var winners = await ArchivedRows.ReadAsync(connection, cycle, () => ReadAsync(connection, cycle, ticketPriceMicros, least, tickets, ct), ct);
        return winners.Length == tickets.Length
            ? winners
            : throw new InvalidOperationException(
                $"{tickets.Length} tickets were drawn, but {winners.Length} have holders: the rows do not add up to the tickets sold.");
    }

    static async Task<ImmutableArray<Winner>> ReadAsync(
        NpgsqlConnection connection, RowRange cycle, long ticketPriceMicros, long leastStakeMicros, ImmutableArray<long> tickets, CancellationToken ct)
    {
        // A search in the sorted numbers tells for each row whether it holds any, so that a thousand tickets cost little more than one.
        await using var command = new NpgsqlCommand("""
            WITH bought AS (
                SELECT sequence, day, stake / $4 AS count, sum(stake / $4) OVER (ORDER BY sequence)::bigint AS last
                FROM contribution WHERE jackpot = $1 AND sequence > $2 AND sequence <= $3 AND stake >= $7),
                 won AS MATERIALIZED (SELECT * FROM bought WHERE width_bucket(last, $6) > width_bucket(last - count, $6))
            SELECT c.tenant_id, c.player_id, c.game_id, c.round_id, c.contribution_id, c.bet_currency, c.rate_nanos, c.rate_version
            FROM unnest($5) WITH ORDINALITY AS drawn (ticket, place)
            JOIN won b ON drawn.ticket > b.last - b.count AND drawn.ticket <= b.last
            JOIN contribution c ON c.day = b.day AND c.jackpot = $1 AND c.sequence = b.sequence
            ORDER BY drawn.place
            """, connection) { CommandTimeout = ReadSecondsMax };
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = cycle.Jackpot });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = cycle.AfterSequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = cycle.ThroughSequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = ticketPriceMicros });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. tickets], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. tickets.Order()], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = leastStakeMicros });
        await using var row = await command.ExecuteReaderAsync(ct);
        var winners = ImmutableArray.CreateBuilder<Winner>(tickets.Length);
        while (await row.ReadAsync(ct))
        {
            winners.Add(new Winner(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4))
            {
                Rate = row.GetInt32(7) == 0 ? null : new PlayerRate(row.GetString(5), row.GetInt64(6), row.GetInt32(7)),
            });
        }

        return winners.DrainToImmutable();
    }
}
