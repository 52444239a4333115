using Jackpot.Core.Eligibility;
using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Shard.Players;

/// <summary>The rows behind <see cref="PlayerStatusCache"/>.</summary>
internal sealed class PlayerStatusStore(NpgsqlDataSource database, TimeProvider clock)
{
    const long AdvisoryLock = 0x4A50_5354_414E_4449; // "JPSTANDI"

    /// <summary>Adds a row unless the player stands so already. Writers wait for each other, so that versions are committed in their order.</summary>
    public async Task SetAsync(string tenantId, string playerId, PlayerStatus status, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var wait = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({AdvisoryLock})", connection))
        {
            await wait.ExecuteNonQueryAsync(ct);
        }

        await using (var insert = new NpgsqlCommand("""
            INSERT INTO player_standing (tenant_id, player_id, standing, changed_at)
            SELECT $1, $2, $3, $4
            WHERE coalesce((SELECT standing FROM player_standing WHERE tenant_id = $1 AND player_id = $2 ORDER BY version DESC LIMIT 1), 'good') <> $3
            """, connection))
        {
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = playerId });
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = PlayerStatusWireNames.Of(status) });
            insert.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
            if (await insert.ExecuteNonQueryAsync(ct) == 0)
            {
                await Flush.CommitAsync(transaction, ct);
                return;
            }
        }

        await transaction.CommitAsync(ct);
    }

    /// <summary>The standing as it is in the table now, and since when; good since ever when there is no row.</summary>
    public async Task<(PlayerStatus Status, DateTimeOffset? Since)> FindAsync(string tenantId, string playerId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "SELECT standing, changed_at FROM player_standing WHERE tenant_id = $1 AND player_id = $2 ORDER BY version DESC LIMIT 1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = playerId });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? (PlayerStatusWireNames.Parse(row.GetString(0)), row.GetFieldValue<DateTimeOffset>(1))
            : (PlayerStatus.Good, null);
    }
}
