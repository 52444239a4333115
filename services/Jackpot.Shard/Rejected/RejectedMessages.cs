using System.Data;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Telemetry;
using Jackpot.Ledger.Texts;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Rejected;

/// <summary>
/// Keeps messages that nobody could take: the one writer of the table. All of a list or none of it; a message that is there already is counted
/// once more and kept once. It is bounded, and what does not fit is left with whoever brought it, so that nothing is lost.
/// </summary>
internal sealed partial class RejectedMessages(NpgsqlDataSource database, RejectedVault vault, ShardMetrics metrics, TimeProvider clock, ILogger<RejectedMessages> log)
{
    /// <summary>Most messages of one call.</summary>
    public const int MessagesMax = 1_000;

    const long AdvisoryLock = 0x4A50_5245_4A45_4354; // "JPREJECT"

    /// <summary>Most messages that wait for staff, and most bytes of them. Decided ones are no part of it.</summary>
    public long RowsMax { get; init; } = 100_000;

    /// <inheritdoc cref="RowsMax"/>
    public long BytesMax { get; init; } = 1L << 30;

    /// <summary>False when they are not kept, because there is no room or the database is away: then they must come again.</summary>
    public async Task<bool> TryKeepAsync(IReadOnlyList<RejectedMessage> messages, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(messages.Count, MessagesMax);
        if (messages.Count == 0)
        {
            return true;
        }

        try
        {
            return await KeepAsync([.. messages.Select(Named).GroupBy(message => message.Once16)], ct);
        }
        catch (Exception fault) when (DatabaseFault.IsOutage(fault))
        {
            LogNotKept(log, messages.Count, fault);
            return false;
        }
    }

    NamedMessage Named(RejectedMessage message)
    {
        var topic = OutsideText.Clean(message.Topic, RejectedMessage.TopicCharsMax);
        return new NamedMessage(vault.NameOf(topic, message.Body.Span), topic, message);
    }

    async Task<bool> KeepAsync(List<IGrouping<Guid, NamedMessage>> groups, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        var kept = await InsertAsync(connection, groups, ct);
        if (kept.Count > 0 && await IsOverfullAsync(connection, ct))
        {
            await transaction.RollbackAsync(ct);
            metrics.RejectedFull(kept.Count);
            return false;
        }

        await transaction.CommitAsync(ct);
        foreach (var topic in kept.CountBy(message => message.Topic))
        {
            metrics.MessagesRejected(topic.Value, topic.Key);
        }

        foreach (var message in kept)
        {
            LogKept(log, OutsideText.Clean(message.Message.EventId, RejectedMessage.EventIdCharsMax), message.Topic, message.Message.Reason);
        }

        return true;
    }

    /// <summary>The messages that were not there. Writers take turns, so that what is counted afterwards is all there is.</summary>
    async Task<List<NamedMessage>> InsertAsync(NpgsqlConnection connection, List<IGrouping<Guid, NamedMessage>> groups, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock({AdvisoryLock}))
            INSERT INTO rejected (once16, topic, tenant_id, reason, detail, event_id, received_at, seen, seen_last_at, body, body_bytes)
            SELECT m.once16, m.topic, m.tenant_id, m.reason, m.detail, m.event_id, $9, m.seen, $9, m.body, length(m.body)
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS m (once16, topic, tenant_id, reason, detail, event_id, seen, body), turn
            ON CONFLICT (once16) DO UPDATE SET seen = rejected.seen + excluded.seen, seen_last_at = excluded.seen_last_at
            RETURNING once16, xmax = 0
            """, connection);
        var messages = groups.ConvertAll(group => group.First());
        Add(command, NpgsqlDbType.Uuid, messages.Select(message => message.Once16));
        Add(command, NpgsqlDbType.Text, messages.Select(message => message.Topic));
        Add(command, NpgsqlDbType.Text, messages.Select(message => message.Message.TenantId is { } tenant ? OutsideText.Clean(tenant, RejectedMessage.TenantCharsMax) : null));
        Add(command, NpgsqlDbType.Text, messages.Select(message => OutsideText.Clean(message.Message.Reason, RejectedMessage.ReasonCharsMax)));
        Add(command, NpgsqlDbType.Text, messages.Select(message => OutsideText.Clean(message.Message.Detail, RejectedMessage.DetailCharsMax)));
        Add(command, NpgsqlDbType.Text, messages.Select(message => OutsideText.Clean(message.Message.EventId, RejectedMessage.EventIdCharsMax)));
        Add(command, NpgsqlDbType.Bigint, groups.Select(group => group.LongCount()));
        Add(command, NpgsqlDbType.Bytea, messages.Select(message => vault.Seal(message.Message.Body.Span, message.Once16)));
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() });
        var isNew = new HashSet<Guid>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            if (row.GetBoolean(1))
            {
                isNew.Add(row.GetGuid(0));
            }
        }

        return messages.FindAll(message => isNew.Contains(message.Once16));
    }

    static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | type });

    async Task<bool> IsOverfullAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var (rows, bytes) = await CountAsync(connection, ct);
        return rows > RowsMax || bytes > BytesMax;
    }

    /// <summary>How many wait, and their bytes.</summary>
    public static async Task<(long Rows, long Bytes)> CountAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT count(*), coalesce(sum(body_bytes), 0) FROM rejected WHERE state = 'waiting'", connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    readonly record struct NamedMessage(Guid Once16, string Topic, RejectedMessage Message);

    [LoggerMessage(EventId = 640, Level = LogLevel.Error, Message = "Event '{Id}' of {Topic} is kept at /v1/admin/rejected: {Reason}")]
    static partial void LogKept(ILogger logger, string id, string topic, string reason);

    [LoggerMessage(EventId = 641, Level = LogLevel.Warning, Message = "{Messages} messages that nobody could take were not kept, for the database is away; they come again")]
    static partial void LogNotKept(ILogger logger, int messages, Exception exception);
}
