using Npgsql;

namespace Jackpot.Shard.Ownership;

/// <summary>The rows that say who owns which batcher.</summary>
internal sealed class OwnerStore(NpgsqlDataSource database)
{
    const string Columns = "batcher, epoch, replica, address, token";

    public async Task<BatcherOwner?> FindAsync(string batcher, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM batcher_owner WHERE batcher = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = batcher });
        return await ReadAsync(command, ct);
    }

    /// <summary>Makes the replica the owner, unless somebody else has become it since <paramref name="epochSeen"/> (0: there was none). Returns who is owner now.</summary>
    public async Task<BatcherOwner> TakeAsync(string batcher, Replica replica, long epochSeen, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            INSERT INTO batcher_owner AS o ({Columns}) VALUES ($1, 1, $2, $3, $4)
            ON CONFLICT (batcher) DO UPDATE SET epoch = o.epoch + 1, replica = $2, address = $3, token = $4, taken_at = now() WHERE o.epoch = $5
            RETURNING {Columns}
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = batcher });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = replica.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = replica.Address.ToString() });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.NewGuid() });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epochSeen });
        return await ReadAsync(command, ct)
            ?? await FindAsync(batcher, ct)
            ?? throw new InvalidOperationException($"The owner of batcher {batcher} was neither written nor found; rows of batcher_owner are never deleted.");
    }

    static async Task<BatcherOwner?> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new BatcherOwner(row.GetString(0), row.GetInt64(1), row.GetGuid(2), new Uri(row.GetString(3)), row.GetGuid(4))
            : null;
    }
}
