using System.Globalization;
using System.Security.Cryptography;
using Jackpot.Contracts.Views;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Problems;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Rejected;

/// <summary>Which kept messages are asked for; null for all.</summary>
internal sealed record RejectedFilter(RejectedState? State, string? Topic, string? TenantId, string? Reason, long After, int AtMost);

/// <summary>What a kept message says: as it came, and as staff have mended it.</summary>
internal sealed record RejectedText(RejectedView Message, byte[] Body, byte[]? Mended);

/// <summary>What staff see of kept messages and what they decide, each step told to the audit log in its own transaction.</summary>
internal sealed class RejectedStore(NpgsqlDataSource database, RejectedVault vault, AuditLog audit, TimeProvider clock)
{
    const string Columns = """
        id, state, topic, tenant_id, reason, detail, event_id, received_at, seen, seen_last_at, body_bytes, mended IS NOT NULL, attempts, decided_by, why, decided_at
        """;

    static readonly Refused NoSuchMessage = new(Refusal.NotFound, "no message of that id is kept; GET /v1/admin/rejected lists those that are");

    public async Task<List<RejectedView>> ListAsync(RejectedFilter filter, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Columns} FROM rejected
            WHERE id > $1 AND ($2 IS NULL OR state = $2) AND ($3 IS NULL OR topic = $3) AND ($4 IS NULL OR tenant_id = $4) AND ($5 IS NULL OR reason = $5)
            ORDER BY id LIMIT $6
            """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = filter.After });
        foreach (var text in new[] { filter.State is { } state ? WireNames.Of(state) : null, filter.Topic, filter.TenantId, filter.Reason })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        }

        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = filter.AtMost });
        await using var row = await command.ExecuteReaderAsync(ct);
        var messages = new List<RejectedView>();
        while (await row.ReadAsync(ct))
        {
            messages.Add(ViewOf(row));
        }

        return messages;
    }

    /// <summary>What a message says. It may hold a player, so the audit log tells who has read it.</summary>
    public async Task<Verdict<RejectedText>> ShowAsync(long id, string person, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await ReadAsync(connection, id, "", ct) is not { } text)
        {
            return NoSuchMessage;
        }

        await audit.AppendAsync(transaction, Step(id, "show", person, "read what the message says"), ct);
        await transaction.CommitAsync(ct);
        return text;
    }

    /// <summary>Gives a message up; nothing is sent.</summary>
    public async Task<Verdict<RejectedView>> DropAsync(long id, string person, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (text, refused) = await WaitingAsync(transaction, id, ct);
        if (text is null)
        {
            return refused!;
        }

        await DecideAsync(connection, id, RejectedState.Dropped, person, why, ct);
        await audit.AppendAsync(transaction, Step(id, "drop", person, why) with { Before = Told(text) }, ct);
        await transaction.CommitAsync(ct);
        return (await FindAsync(id, ct))!;
    }

    /// <summary>Notes, before anything is sent, that a person sends a message again, and what they have put in its place.</summary>
    public async Task<Verdict<RejectedView>> BeginRetryAsync(long id, string person, string why, byte[]? mended, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (text, refused) = await WaitingAsync(transaction, id, ct);
        if (text is null)
        {
            return refused!;
        }

        await using (var command = new NpgsqlCommand(
            "UPDATE rejected SET attempts = attempts + 1, mended = coalesce($2, mended), body_bytes = length(body) + coalesce(length(coalesce($2, mended)), 0) WHERE id = $1 RETURNING once16", connection))
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
            var once16 = await NameAsync(connection, id, ct);
            command.Parameters.Add(new NpgsqlParameter { Value = mended is { } body ? vault.Seal(body, once16) : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
            await command.ExecuteNonQueryAsync(ct);
        }

        await audit.AppendAsync(transaction, Step(id, "retry", person, why) with
        {
            Before = Told(text),
            After = mended is { } put ? $"mended, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(put))}" : text.Mended is null ? "as it came" : "as mended before",
        }, ct);
        await transaction.CommitAsync(ct);
        return (await FindAsync(id, ct))!;
    }

    /// <summary>
    /// Sends a message that waits, and notes what came of it. The row is held until then, so that two people do not send it at once. Where it was
    /// sent and the process died before it was noted, it waits as before; sent again it changes nothing, for it is named by itself.
    /// </summary>
    public async Task<Verdict<RejectedView>> SendAsync(long id, Decision decision, Func<RejectedText, Task<RetryOutcome>> send, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await ReadAsync(connection, id, "FOR UPDATE", ct) is not { } text)
        {
            return NoSuchMessage;
        }

        if (text.Message.State != WireNames.Of(RejectedState.Waiting))
        {
            return Decided(text.Message);
        }

        var outcome = await send(text);
        if (outcome.IsDone)
        {
            await DecideAsync(connection, id, RejectedState.Retried, decision.Person, decision.Why, ct);
        }
        else if (outcome.Reason is { } reason)
        {
            await NoteAsync(connection, id, reason, outcome.Detail, ct);
        }

        await transaction.CommitAsync(ct);
        return outcome.IsDone ? (await FindAsync(id, ct))!
            : new Refused(outcome.Reason is null ? Refusal.Unavailable : Refusal.RejectedAgain, $"{outcome.Reason ?? "not now"}: {outcome.Detail}");
    }

    async Task<(RejectedText? Text, Refused? Refused)> WaitingAsync(NpgsqlTransaction transaction, long id, CancellationToken ct)
    {
        await AuditLog.LockAsync(transaction, ct);
        return await ReadAsync(transaction.Connection!, id, "FOR UPDATE", ct) is not { } text ? (null, NoSuchMessage)
            : text.Message.State != WireNames.Of(RejectedState.Waiting) ? (null, Decided(text.Message))
            : (text, null);
    }

    static Refused Decided(RejectedView message) =>
        new(Refusal.NotInThisState, $"the message is {message.State} already, since {message.DecidedAt:O} by {message.DecidedBy}");

    async Task<RejectedText?> ReadAsync(NpgsqlConnection connection, long id, string locked, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"SELECT {Columns}, once16, body, mended FROM rejected WHERE id = $1 {locked}", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
        {
            return null;
        }

        var once16 = row.GetGuid(16);
        return new RejectedText(ViewOf(row), vault.Open(row.GetFieldValue<byte[]>(17), once16), row.IsDBNull(18) ? null : vault.Open(row.GetFieldValue<byte[]>(18), once16));
    }

    async Task<RejectedView?> FindAsync(long id, CancellationToken ct) =>
        (await ListAsync(new RejectedFilter(null, null, null, null, id - 1, 1), ct)).SingleOrDefault(message => message.Id == id);

    static async Task<Guid> NameAsync(NpgsqlConnection connection, long id, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT once16 FROM rejected WHERE id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        return (Guid)(await command.ExecuteScalarAsync(ct))!;
    }

    async Task DecideAsync(NpgsqlConnection connection, long id, RejectedState state, string person, string why, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("UPDATE rejected SET state = $2, decided_by = $3, why = $4, decided_at = $5 WHERE id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = WireNames.Of(state) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = person });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = why });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() });
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task NoteAsync(NpgsqlConnection connection, long id, string reason, string detail, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("UPDATE rejected SET reason = $2, detail = $3 WHERE id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = OutsideText.Clean(reason, RejectedMessage.ReasonCharsMax) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = OutsideText.Clean(detail, RejectedMessage.DetailCharsMax) });
        await command.ExecuteNonQueryAsync(ct);
    }

    static AuditedStep Step(long id, string action, string person, string why) =>
        new(string.Create(CultureInfo.InvariantCulture, $"rejected message {id}"), action, person, why);

    static string Told(RejectedText text) => $"{text.Message.Topic}, {text.Message.Reason}, received {text.Message.ReceivedAt:O}, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(text.Body))}";

    static RejectedView ViewOf(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6),
        row.GetFieldValue<DateTimeOffset>(7), row.GetInt64(8), row.GetFieldValue<DateTimeOffset>(9), row.GetInt32(10), row.GetBoolean(11), row.GetInt32(12),
        row.IsDBNull(13) ? null : row.GetString(13), row.IsDBNull(14) ? null : row.GetString(14), row.IsDBNull(15) ? null : row.GetFieldValue<DateTimeOffset>(15));
}

/// <summary>Who decides, and why.</summary>
internal sealed record Decision(string Person, string Why);

/// <summary>What came of sending a message again: done, refused again with a reason, or (without one) not possible at the moment.</summary>
internal sealed record RetryOutcome(bool IsDone, string? Reason, string Detail)
{
    public static readonly RetryOutcome Done = new(true, null, "");

    public static RetryOutcome Refused(string reason, string detail) => new(false, reason, detail);

    public static RetryOutcome NotNow(string detail) => new(false, null, detail);
}
