using Dapr.DurableTask.Protobuf;
using Google.Protobuf;
using Jackpot.LocalDapr.State;
using Jackpot.LocalDapr.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>Workflows beside the state of a <c>state.postgresql</c> component. A turn is one statement: one round trip, one commit.</summary>
sealed class PostgresWorkflowStore(PostgresStateStore state)
{
    const short HistoryKind = 0;
    const short InboxKind = 1;
    const string This = "namespace = $1 AND app_id = $2 AND instance_id = $3";

    readonly NpgsqlDataSource _database = state.Database;
    readonly string _workflow = Schema.Quote(state.TableName + "_workflow");
    readonly string _event = Schema.Quote(state.TableName + "_workflow_event");

    public Task OpenAsync(CancellationToken cancellation) => Schema.EnsureAsync(_database, $"""
        CREATE TABLE IF NOT EXISTS {_workflow} (
          namespace text NOT NULL, app_id text NOT NULL, instance_id text NOT NULL,
          name text NOT NULL, status int NOT NULL, generation int NOT NULL, custom_status text,
          created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, revision bigint NOT NULL,
          PRIMARY KEY (namespace, app_id, instance_id)) WITH (fillfactor = 70);
        CREATE TABLE IF NOT EXISTS {_event} (
          namespace text NOT NULL, app_id text NOT NULL, instance_id text NOT NULL,
          kind smallint NOT NULL, sequence bigint NOT NULL, data bytea NOT NULL, generation int,
          PRIMARY KEY (namespace, app_id, instance_id, kind, sequence));
        CREATE INDEX IF NOT EXISTS {Schema.Quote(state.TableName + "_workflow_unfinished")} ON {_workflow} (namespace, app_id) WHERE status NOT IN (1, 3, 4, 5);
        """, cancellation);

    public async Task<StoredWorkflow?> LoadAsync(WorkflowKey key, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                WithKey($"SELECT name, status, generation, custom_status, created_at, updated_at, revision FROM {_workflow} WHERE {This}", key),
                WithKey($"SELECT kind, sequence, data, generation FROM {_event} WHERE {This} ORDER BY kind, sequence", key),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            return null;
        }
        var row = new WorkflowRow(
            key, reader.GetString(0), (OrchestrationStatus)reader.GetInt32(1), reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetString(3),
            reader.GetFieldValue<DateTimeOffset>(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetInt64(6));
        await reader.NextResultAsync(cancellation);
        List<StoredEvent> history = [], inbox = [];
        while (await reader.ReadAsync(cancellation))
        {
            (reader.GetInt16(0) == HistoryKind ? history : inbox).Add(new StoredEvent(
                reader.GetInt64(1), HistoryEvent.Parser.ParseFrom(reader.GetFieldValue<byte[]>(2)), reader.IsDBNull(3) ? null : reader.GetInt32(3)));
        }
        return new StoredWorkflow(row, history, inbox);
    }

    public Task<IReadOnlyList<string>> UnfinishedAsync(string appNamespace, string appId, CancellationToken cancellation) => IdsAsync(
        $"SELECT instance_id FROM {_workflow} WHERE namespace = $1 AND app_id = $2 AND status NOT IN (1, 3, 4, 5)", cancellation, appNamespace, appId);

    public Task<IReadOnlyList<string>> ListAsync(string appNamespace, string appId, string after, int most, CancellationToken cancellation) => IdsAsync(
        $"""SELECT instance_id FROM {_workflow} WHERE namespace = $1 AND app_id = $2 AND instance_id COLLATE "C" > $3 ORDER BY instance_id COLLATE "C" LIMIT $4""",
        cancellation, appNamespace, appId, after, most);

    public async Task CreateAsync(WorkflowRow row, IReadOnlyList<StoredEvent> history, IReadOnlyList<StoredEvent> inbox, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                WithKey($"DELETE FROM {_event} WHERE {This}", row.Key),
                Upsert(row),
                Insert(row.Key, [.. history.Select(stored => (HistoryKind, stored)), .. inbox.Select(stored => (InboxKind, stored))]),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public async Task AddToInboxAsync(WorkflowKey key, StoredEvent stored, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand($"INSERT INTO {_event} VALUES ($1, $2, $3, {InboxKind}, $4, $5, $6)");
        AddKey(command.Parameters, key);
        command.Parameters.Add(new() { Value = stored.Sequence });
        command.Parameters.Add(new() { Value = stored.Event.ToByteArray() });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)stored.Generation ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<bool> CommitAsync(TurnCommit commit, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand($"""
            WITH turn AS (
              UPDATE {_workflow} SET name = $5, status = $6, generation = $7, custom_status = $8, updated_at = $9, revision = revision + 1
              WHERE {This} AND revision = $4 RETURNING 1),
            gone AS (
              DELETE FROM {_event} WHERE {This} AND EXISTS (SELECT FROM turn) AND (kind = {InboxKind} AND sequence = ANY($10) OR kind = {HistoryKind} AND $11)),
            history AS (
              INSERT INTO {_event} SELECT $1, $2, $3, {HistoryKind}, h.sequence, h.data FROM unnest($12, $13) AS h (sequence, data) WHERE EXISTS (SELECT FROM turn)),
            inbox AS (
              INSERT INTO {_event} SELECT $1, $2, $3, {InboxKind}, i.sequence, i.data FROM unnest($14, $15) AS i (sequence, data) WHERE EXISTS (SELECT FROM turn))
            SELECT count(*) FROM turn
            """);
        var row = commit.Row;
        AddKey(command.Parameters, row.Key);
        command.Parameters.Add(new() { Value = row.Revision });
        command.Parameters.Add(new() { Value = row.Name });
        command.Parameters.Add(new() { Value = (int)row.Status });
        command.Parameters.Add(new() { Value = row.Generation });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)row.CustomStatus ?? DBNull.Value });
        command.Parameters.Add(new() { Value = row.Updated.ToUniversalTime() });
        command.Parameters.Add(new() { Value = commit.TakenFromInbox.ToArray() });
        command.Parameters.Add(new() { Value = commit.ClearsHistory });
        command.Parameters.Add(new() { Value = commit.NewHistory.Select(stored => stored.Sequence).ToArray() });
        command.Parameters.Add(new() { Value = commit.NewHistory.Select(stored => stored.Event.ToByteArray()).ToArray() });
        command.Parameters.Add(new() { Value = commit.Inbox.Select(stored => stored.Sequence).ToArray() });
        command.Parameters.Add(new() { Value = commit.Inbox.Select(stored => stored.Event.ToByteArray()).ToArray() });
        return await command.ExecuteScalarAsync(cancellation) is 1L;
    }

    public async Task DeleteAsync(WorkflowKey key, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { WithKey($"DELETE FROM {_event} WHERE {This}", key), WithKey($"DELETE FROM {_workflow} WHERE {This}", key) },
        };
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    async Task<IReadOnlyList<string>> IdsAsync(string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = _database.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }
        var ids = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            ids.Add(reader.GetString(0));
        }
        return ids;
    }

    NpgsqlBatchCommand Upsert(WorkflowRow row)
    {
        var command = WithKey($"""
            INSERT INTO {_workflow} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
            ON CONFLICT (namespace, app_id, instance_id) DO UPDATE SET name = EXCLUDED.name, status = EXCLUDED.status, generation = EXCLUDED.generation,
              custom_status = EXCLUDED.custom_status, created_at = EXCLUDED.created_at, updated_at = EXCLUDED.updated_at, revision = EXCLUDED.revision
            """, row.Key);
        command.Parameters.Add(new() { Value = row.Name });
        command.Parameters.Add(new() { Value = (int)row.Status });
        command.Parameters.Add(new() { Value = row.Generation });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)row.CustomStatus ?? DBNull.Value });
        command.Parameters.Add(new() { Value = row.Created.ToUniversalTime() });
        command.Parameters.Add(new() { Value = row.Revision });
        return command;
    }

    NpgsqlBatchCommand Insert(WorkflowKey key, IReadOnlyList<(short Kind, StoredEvent Stored)> events)
    {
        var command = WithKey($"INSERT INTO {_event} SELECT $1, $2, $3, e.kind, e.sequence, e.data FROM unnest($4, $5, $6) AS e (kind, sequence, data)", key);
        command.Parameters.Add(new() { Value = events.Select(entry => entry.Kind).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(entry => entry.Stored.Sequence).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(entry => entry.Stored.Event.ToByteArray()).ToArray() });
        return command;
    }

    static NpgsqlBatchCommand WithKey(string sql, WorkflowKey key)
    {
        var command = new NpgsqlBatchCommand(sql);
        AddKey(command.Parameters, key);
        return command;
    }

    static void AddKey(NpgsqlParameterCollection parameters, WorkflowKey key)
    {
        parameters.Add(new() { Value = key.Namespace });
        parameters.Add(new() { Value = key.AppId });
        parameters.Add(new() { Value = key.InstanceId });
    }
}
