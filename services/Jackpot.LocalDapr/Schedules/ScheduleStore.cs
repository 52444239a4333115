using Jackpot.LocalDapr.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.LocalDapr.Schedules;

/// <summary>Reminders and jobs in LocalDapr's own database: what real Dapr keeps in its Scheduler.</summary>
sealed class ScheduleStore(NpgsqlDataSource database)
{
    const string Where = "kind = $1 AND namespace = $2 AND owner = $3 AND subject = $4 AND name = $5";
    const string Columns = "kind, namespace, owner, subject, name, due_at, rule, repeats_left, expires_at, data, retry_interval, retries_max, version, due_text";

    public Task OpenAsync(CancellationToken cancellation) => Schema.EnsureAsync(database, """
        CREATE SCHEMA IF NOT EXISTS localdapr;
        CREATE TABLE IF NOT EXISTS localdapr.schedule (
          kind smallint NOT NULL, namespace text NOT NULL, owner text NOT NULL, subject text NOT NULL, name text NOT NULL,
          due_at timestamptz NOT NULL, rule text, repeats_left int, expires_at timestamptz, data text,
          retry_interval interval NOT NULL, retries_max int, version bigint NOT NULL, due_text text NOT NULL,
          PRIMARY KEY (kind, namespace, owner, subject, name));
        CREATE SEQUENCE IF NOT EXISTS localdapr.schedule_version;
        """, cancellation);

    /// <summary>All that can be read.</summary>
    /// <param name="setAside">Is told the name of each of the others, and why.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<ScheduleEntry>> AllAsync(Action<string, Exception> setAside, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM localdapr.schedule");
        return await ReadAsync(command, setAside, cancellation);
    }

    public async Task<ScheduleEntry?> FindAsync(ScheduleKey key, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM localdapr.schedule WHERE {Where}");
        AddKey(command, key);
        return (await ReadAsync(command, (_, unreadable) => throw unreadable, cancellation)).SingleOrDefault();
    }

    /// <summary>Stores it and answers its version; null when one of this name exists and must not be overwritten.</summary>
    public async Task<ScheduleEntry?> PutAsync(ScheduleEntry entry, bool overwrite, CancellationToken cancellation)
    {
        var onConflict = overwrite
            ? """
              DO UPDATE SET due_at = EXCLUDED.due_at, rule = EXCLUDED.rule, repeats_left = EXCLUDED.repeats_left, expires_at = EXCLUDED.expires_at, data = EXCLUDED.data,
                retry_interval = EXCLUDED.retry_interval, retries_max = EXCLUDED.retries_max, version = EXCLUDED.version, due_text = EXCLUDED.due_text
              """
            : "DO NOTHING";
        await using var command = database.CreateCommand($"""
            INSERT INTO localdapr.schedule ({Columns})
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, nextval('localdapr.schedule_version'), $13)
            ON CONFLICT (kind, namespace, owner, subject, name) {onConflict} RETURNING version
            """);
        AddKey(command, entry.Key);
        command.Parameters.Add(new() { Value = entry.Due });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)entry.Rule?.Text ?? DBNull.Value });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)entry.RepeatsLeft ?? DBNull.Value });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)entry.Expires ?? DBNull.Value });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)entry.Data ?? DBNull.Value });
        command.Parameters.Add(new() { Value = entry.Failure.Interval });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)entry.Failure.RetriesMax ?? DBNull.Value });
        command.Parameters.Add(new() { Value = entry.DueText });
        return await command.ExecuteScalarAsync(cancellation) is long version ? entry with { Version = version } : null;
    }

    /// <summary>Moves a fired entry to its next firing, unless it was replaced or deleted meanwhile.</summary>
    public async Task<bool> AdvanceAsync(ScheduleEntry next, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"UPDATE localdapr.schedule SET due_at = $7, repeats_left = $8 WHERE {Where} AND version = $6");
        AddKey(command, next.Key);
        command.Parameters.Add(new() { Value = next.Version });
        command.Parameters.Add(new() { Value = next.Due });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)next.RepeatsLeft ?? DBNull.Value });
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    /// <summary>Deletes it; with a version only if it was not replaced meanwhile.</summary>
    public async Task<bool> DeleteAsync(ScheduleKey key, long? version, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"DELETE FROM localdapr.schedule WHERE {Where}" + (version is null ? "" : " AND version = $6"));
        AddKey(command, key);
        if (version is { } expected)
        {
            command.Parameters.Add(new() { Value = expected });
        }
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    static void AddKey(NpgsqlCommand command, ScheduleKey key)
    {
        command.Parameters.Add(new() { Value = (short)key.Kind });
        command.Parameters.Add(new() { Value = key.Namespace });
        command.Parameters.Add(new() { Value = key.Owner });
        command.Parameters.Add(new() { Value = key.Subject });
        command.Parameters.Add(new() { Value = key.Name });
    }

    static async Task<IReadOnlyList<ScheduleEntry>> ReadAsync(NpgsqlCommand command, Action<string, Exception> setAside, CancellationToken cancellation)
    {
        var entries = new List<ScheduleEntry>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            try
            {
                entries.Add(Read(reader));
            }
#pragma warning disable CA1031 // The edge of a row that is in memory already: whatever is wrong with it, the others are sound.
            catch (Exception unreadable)
#pragma warning restore CA1031
            {
                setAside(reader.GetString(4), unreadable);
            }
        }
        return entries;
    }

    static ScheduleEntry Read(NpgsqlDataReader reader)
    {
        var key = new ScheduleKey((ScheduleKind)reader.GetInt16(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4));
        return new ScheduleEntry(
            key, reader.GetFieldValue<DateTimeOffset>(5),
            reader.IsDBNull(6) ? null : Recurrence.Parse(reader.GetString(6)),
            reader.IsDBNull(7) ? null : reader.GetInt32(7),
            reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
            reader.IsDBNull(9) ? null : reader.GetString(9),
            new FailurePolicy(reader.GetFieldValue<TimeSpan>(10), reader.IsDBNull(11) ? null : reader.GetInt32(11)),
            reader.GetInt64(12), reader.GetString(13));
    }
}
