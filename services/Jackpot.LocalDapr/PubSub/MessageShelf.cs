using Npgsql;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>A leased message.</summary>
sealed record LeasedMessage(long Id, int Deliveries, bool IsExpired, BrokerMessage Message);

/// <summary>The rows of one consumer group and topic: lease, acknowledge, put back.</summary>
sealed class MessageShelf(NpgsqlDataSource database, string schema, string consumer, string topic, int owner, PostgresBrokerSettings settings)
{
    /// <summary>A lease ends with the message that passes so many bytes.</summary>
    const int LeasedBytesMax = 8 << 20;

    static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    public string Consumer => consumer;

    public string Topic => topic;

    public async Task<List<LeasedMessage>> LeaseAsync(int most, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            UPDATE {schema}.message SET deliveries = deliveries + 1, leased_by = $4, visible_at = now() + $5
            WHERE id IN (
              SELECT id FROM (
                SELECT id, sum(octet_length(data)) OVER (ORDER BY id) - octet_length(data) AS before FROM (
                  SELECT id, data FROM {schema}.message WHERE consumer = $1 AND topic = $2 AND visible_at <= now()
                  ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED) free) sized
              WHERE before < {LeasedBytesMax})
            RETURNING id, deliveries, expires_at <= now(), data
            """);
        command.Parameters.Add(new() { Value = consumer });
        command.Parameters.Add(new() { Value = topic });
        command.Parameters.Add(new() { Value = most });
        command.Parameters.Add(new() { Value = owner });
        command.Parameters.Add(new() { Value = settings.Lease });
        var messages = new List<LeasedMessage>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var deliveries = reader.GetInt32(1);
            messages.Add(new LeasedMessage(
                reader.GetInt64(0), deliveries, !reader.IsDBNull(2) && reader.GetBoolean(2), new BrokerMessage(reader.GetFieldValue<byte[]>(3), NoMetadata, deliveries)));
        }
        messages.Sort((a, b) => a.Id.CompareTo(b.Id));
        return messages;
    }

    /// <summary>Only by whoever still holds the lease: one that ran out may be in other hands already.</summary>
    public Task AcknowledgeAsync(long[] ids, CancellationToken cancellation) =>
        ExecuteAsync($"DELETE FROM {schema}.message WHERE id = ANY($1) AND leased_by = $2", ids, cancellation);

    public async Task RenewAsync(long[] ids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"UPDATE {schema}.message SET visible_at = now() + $3 WHERE id = ANY($1) AND leased_by = $2");
        command.Parameters.Add(new() { Value = ids });
        command.Parameters.Add(new() { Value = owner });
        command.Parameters.Add(new() { Value = settings.Lease });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task PutBackAsync(long[] ids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            UPDATE {schema}.message SET leased_by = NULL, visible_at = CASE WHEN deliveries >= $4 THEN 'infinity' ELSE now() + $3 END
            WHERE id = ANY($1) AND leased_by = $2
            """);
        command.Parameters.Add(new() { Value = ids });
        command.Parameters.Add(new() { Value = owner });
        command.Parameters.Add(new() { Value = settings.RedeliveryDelay });
        command.Parameters.Add(new() { Value = settings.DeliveriesMax });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    async Task ExecuteAsync(string sql, long[] ids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = ids });
        command.Parameters.Add(new() { Value = owner });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
