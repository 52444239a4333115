using Jackpot.Shard.Admin;
using Jackpot.Shard.Problems;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Jackpots;

/// <summary>The tables' own keys of jackpots, looked up where a moment-old directory would not do.</summary>
internal static class JackpotNumbers
{
    public static readonly Refused Unknown = new(Refusal.NotFound, "no jackpot of that id lives on this shard");

    public static async Task<int?> OfAsync(NpgsqlConnection connection, string jackpotId, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT id FROM jackpot WHERE jackpot_id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = jackpotId });
        return (int?)await command.ExecuteScalarAsync(ct);
    }

    /// <summary>The jackpots that these pools belong to, each once; unknown pools are left out.</summary>
    public static async Task<List<int>> OfPoolsAsync(NpgsqlConnection connection, IEnumerable<string> poolIds, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT DISTINCT jackpot FROM pool WHERE pool_id = ANY ($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. poolIds], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(ct);
        var numbers = new List<int>();
        while (await row.ReadAsync(ct))
        {
            numbers.Add(row.GetInt32(0));
        }

        return numbers;
    }
}
