using Jackpot.Contracts.Views;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Jackpots;
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
        await using var command = database.CreateCommand("""
            SELECT p.pool_id, c.cycle, c.commitment, c.opened_at, c.opened_after_sequence, c.dropped_at, c.dropped_at_sequence, c.secret
            FROM cycle c JOIN pool p ON p.id = c.pool WHERE c.pool = ANY ($1)
            ORDER BY c.opened_at DESC, c.cycle DESC, p.tier LIMIT $2
            """);
        command.Parameters.Add(Numbers(jackpot.PoolNumbers));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return await ReadAsync(command, reader => new CycleView(
            reader.GetString(0), reader.GetInt64(1), Hex(reader, 2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetInt64(4),
            reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5), reader.IsDBNull(6) ? null : reader.GetInt64(6),
            reader.IsDBNull(7) ? null : Hex(reader, 7)), ct);
    }

    internal static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> row, CancellationToken ct)
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
