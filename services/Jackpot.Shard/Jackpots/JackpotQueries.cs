using Jackpot.Contracts.Views;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Jackpots;

/// <summary>Reads for people and lobbies, always from the primary: a replica may show the past in another order than it happened.</summary>
internal sealed class JackpotQueries(NpgsqlDataSource database)
{
    /// <summary>Most rows that one list answers.</summary>
    public const int RowsMax = 200;

    public async Task<List<PoolView>> PoolsAsync(IReadOnlyCollection<JackpotEntry> jackpots, CancellationToken ct)
    {
        var currencies = jackpots.ToDictionary(jackpot => jackpot.Number, jackpot => jackpot.Config.Currency);
        await using var command = database.CreateCommand("""
            SELECT j.id, p.pool_id, d.jackpot_id, p.tier, j.status, s.cycle, j.sequence, s.increment + s.seed, s.seed, c.commitment, c.opened_at
            FROM jackpot_state j JOIN jackpot d ON d.id = j.id JOIN pool p ON p.jackpot = j.id JOIN pool_state s ON s.id = p.id
            JOIN cycle c ON c.pool = p.id AND c.cycle = s.cycle
            WHERE j.id = ANY ($1) ORDER BY d.jackpot_id, p.tier
            """);
        command.Parameters.Add(Numbers([.. currencies.Keys]));
        return await ReadAsync(command, reader => new PoolView(
            reader.GetString(1), reader.GetString(2), reader.GetInt16(3), reader.GetString(4), reader.GetInt64(5), reader.GetInt64(6),
            new Money(reader.GetInt64(7), currencies[reader.GetInt32(0)]), new Money(reader.GetInt64(8), currencies[reader.GetInt32(0)]),
            Hex(reader, 9), reader.GetFieldValue<DateTimeOffset>(10)), ct);
    }

    /// <summary>The newest cycles of a jackpot's pools.</summary>
    public async Task<List<CycleView>> CyclesAsync(JackpotEntry jackpot, int limit, CancellationToken ct)
    {
        await using var rows = ShardRows.Of(database);
        return await (
            from cycle in rows.Set<CycleRow>()
            join pool in rows.Set<PoolRow>() on cycle.Pool equals pool.Id
            where jackpot.PoolNumbers.Contains(cycle.Pool)
            orderby cycle.OpenedAt descending, cycle.Cycle descending, pool.Tier
            select new CycleView(
                pool.PoolId, cycle.Cycle, Convert.ToHexStringLower(cycle.Commitment), cycle.OpenedAt, cycle.OpenedAfterSequence, cycle.DroppedAt,
                cycle.DroppedAtSequence, cycle.Secret == null ? null : Convert.ToHexStringLower(cycle.Secret))).Take(limit).ToListAsync(ct);
    }

    static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> row, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    static NpgsqlParameter<int[]> Numbers(int[] numbers) =>
        new() { TypedValue = numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer };

    static string Hex(NpgsqlDataReader reader, int column) => Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(column));
}
