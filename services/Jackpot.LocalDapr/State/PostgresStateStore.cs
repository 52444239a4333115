using Jackpot.LocalDapr.Components;
using Jackpot.LocalDapr.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.LocalDapr.State;

/// <summary><c>state.postgresql</c> v2: etags are uuids that change with every write; expired rows count as missing.</summary>
sealed class PostgresStateStore
{
    /// <summary>Expired rows that a write with a time to live takes along, so that they cannot outnumber what is alive for long.</summary>
    const int ExpiredRowsPerWrite = 100;

    readonly NpgsqlDataSource _database;
    readonly string _tableName;
    readonly string _table;
    readonly string _upsert;
    readonly string _insert;
    readonly string _update;

    public PostgresStateStore(Component component, Databases databases)
    {
        _database = databases.Open(PostgresConnection.StringOf(component));
        _tableName = (component.Text("tablePrefix") ?? "") + "state";
        _table = Schema.Quote(_tableName);
        const string Columns = "(key, value, etag, updated_at, expires_at) VALUES ($1, $2, gen_random_uuid(), now(), now() + $3)";
        const string Changes = "value = EXCLUDED.value, etag = EXCLUDED.etag, updated_at = EXCLUDED.updated_at, expires_at = EXCLUDED.expires_at";
        _upsert = $"INSERT INTO {_table} {Columns} ON CONFLICT (key) DO UPDATE SET {Changes}";
        _insert = $"INSERT INTO {_table} AS held {Columns} ON CONFLICT (key) DO UPDATE SET {Changes} WHERE held.expires_at <= now()";
        _update = $"UPDATE {_table} SET value = $2, etag = gen_random_uuid(), updated_at = now(), expires_at = now() + $3 WHERE key = $1 AND etag = $4 AND (expires_at IS NULL OR expires_at > now())";
    }

    public NpgsqlDataSource Database => _database;

    public string TableName => _tableName;

    public Task OpenAsync(CancellationToken cancellation) => Schema.EnsureAsync(_database, $"""
        CREATE TABLE IF NOT EXISTS {_table} (
          key text PRIMARY KEY,
          value bytea NOT NULL,
          etag uuid NOT NULL,
          created_at timestamptz NOT NULL DEFAULT now(),
          updated_at timestamptz NOT NULL,
          expires_at timestamptz);
        CREATE INDEX IF NOT EXISTS {Schema.Quote(_tableName + "_expires_at")} ON {_table} (expires_at) WHERE expires_at IS NOT NULL;
        """, cancellation);

    public async ValueTask<StateItem?> GetAsync(string key, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand($"SELECT value, etag, expires_at FROM {_table} WHERE key = $1 AND (expires_at IS NULL OR expires_at > now())");
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Item(reader, 0) : null;
    }

    public async ValueTask<StateItem?[]> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand($"SELECT key, value, etag, expires_at FROM {_table} WHERE key = ANY($1) AND (expires_at IS NULL OR expires_at > now())");
        command.Parameters.Add(new() { Value = keys.ToArray() });
        var found = new Dictionary<string, StateItem>(keys.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found[reader.GetString(0)] = Item(reader, 1);
        }
        return [.. keys.Select(key => found.GetValueOrDefault(key))];
    }

    public async ValueTask WriteAsync(IReadOnlyList<StateOperation> operations, CancellationToken cancellation)
    {
        if (operations.Count == 0)
        {
            return;
        }
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        if (operations.All(operation => operation is { ETag: null, FirstWrite: false }))
        {
            // Without conditions the batch is its own transaction: one round trip.
            await using var batch = Batch(connection, operations);
            await batch.ExecuteNonQueryAsync(cancellation);
            return;
        }
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var batch = Batch(connection, operations))
        {
            batch.Transaction = transaction;
            await batch.ExecuteNonQueryAsync(cancellation);
            for (var i = 0; i < operations.Count; i++)
            {
                Check(operations[i], batch.BatchCommands[i].RecordsAffected);
            }
        }
        await transaction.CommitAsync(cancellation);
    }

    static StateItem Item(NpgsqlDataReader reader, int at) => new(
        reader.GetFieldValue<byte[]>(at), reader.GetGuid(at + 1).ToString(), reader.IsDBNull(at + 2) ? null : reader.GetFieldValue<DateTimeOffset>(at + 2));

    static void Check(StateOperation operation, int rows)
    {
        if (rows > 0 || operation is { ETag: null, FirstWrite: false } or { ETag: null, Value: null })
        {
            return;
        }
        throw new StateConflictException(operation.ETag is null ? StateConflict.AlreadyThere : StateConflict.ETagMismatch, operation.Key);
    }

    NpgsqlBatch Batch(NpgsqlConnection connection, IReadOnlyList<StateOperation> operations)
    {
        var batch = new NpgsqlBatch(connection);
        foreach (var operation in operations)
        {
            batch.BatchCommands.Add(Command(operation));
        }
        if (operations.Any(operation => operation.TimeToLive is not null))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                $"DELETE FROM {_table} WHERE key IN (SELECT key FROM {_table} WHERE expires_at <= now() LIMIT {ExpiredRowsPerWrite} FOR UPDATE SKIP LOCKED)"));
        }
        return batch;
    }

    NpgsqlBatchCommand Command(StateOperation operation)
    {
        Guid? etag = operation.ETag is null ? null
            : Guid.TryParse(operation.ETag, out var parsed) ? parsed : throw new StateConflictException(StateConflict.ETagInvalid, operation.Key);
        if (operation.Value is not { } value)
        {
            var delete = new NpgsqlBatchCommand(etag is null ? $"DELETE FROM {_table} WHERE key = $1" : $"DELETE FROM {_table} WHERE key = $1 AND etag = $2");
            delete.Parameters.Add(new() { Value = operation.Key });
            if (etag is { } expected)
            {
                delete.Parameters.Add(new() { Value = expected });
            }
            return delete;
        }
        var write = new NpgsqlBatchCommand(etag is not null ? _update : operation.FirstWrite ? _insert : _upsert);
        write.Parameters.Add(new() { Value = operation.Key });
        write.Parameters.Add(new() { Value = value });
        write.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Interval, Value = operation.TimeToLive is { } ttl ? ttl : DBNull.Value });
        if (etag is { } match)
        {
            write.Parameters.Add(new() { Value = match });
        }
        return write;
    }
}
