using Jackpot.Core.Pools;
using Jackpot.Ledger.Jackpots;
using Npgsql;

namespace Jackpot.Shard.Lifecycle;

/// <summary>Writes a jackpot's status and version under its lock.</summary>
internal static class JackpotRow
{
    public static async Task WriteAsync(NpgsqlConnection connection, LoadedJackpot before, JackpotState after, CancellationToken ct)
    {
        await using (var command = new NpgsqlCommand("UPDATE jackpot_state SET version = $2, status = $3 WHERE id = $1", connection))
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = before.Number });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after.Version });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = JackpotReader.TextOf(after.Status) });
            await command.ExecuteNonQueryAsync(ct);
        }

        if (after.Status == JackpotStatus.Decommissioned)
        {
            await EndChangesAsync(connection, before.Number, ct);
        }
    }

    // No cycle will open any more, so what waits for one waits for nothing.
    static async Task EndChangesAsync(NpgsqlConnection connection, int number, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            WITH ended AS (UPDATE config_change SET status = 'withdrawn', decision = 'the jackpot was decommissioned', changed_at = now()
                           WHERE jackpot = $1 AND status IN ('draft', 'proposed', 'approved'))
            UPDATE jackpot SET approved = NULL WHERE id = $1
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        await command.ExecuteNonQueryAsync(ct);
    }
}
