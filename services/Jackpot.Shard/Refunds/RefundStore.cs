using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Jackpot.Core.Changes;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Refunds;

/// <summary>The refunds' rows: every step of theirs with its audit entry, in one transaction.</summary>
internal sealed class RefundStore(NpgsqlDataSource database, AuditLog audit, TimeProvider clock)
{
    const string Columns = """
        r.id, r.status, r.author, r.why, r.kind, r.tenant_id, r.contribution_id, r.bet, r.currency, r.jackpot, j.jackpot_id, r.game_id, r.from_at, r.to_at, r.preview,
        r.decided_by, r.decided_why, r.through_sequence, r.to_sequence, r.voided, r.passed_over, r.contribution, r.carried
        """;

    const int ListMax = 100;

    public async Task<Refund> ProposeAsync(RefundScope scope, RefundPreview preview, string person, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (bet, window) = (scope as RefundScope.Bet, scope as RefundScope.Window);
        await using var command = new NpgsqlCommand("""
            INSERT INTO refund (kind, tenant_id, contribution_id, bet, currency, jackpot, game_id, from_at, to_at, preview, why, author, proposed_at, status)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'proposed') RETURNING id
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = bet is null ? "window" : "void" });
        command.Parameters.Add(OrNull(bet?.TenantId ?? window?.TenantId, NpgsqlDbType.Text));
        command.Parameters.Add(OrNull(bet?.ContributionId, NpgsqlDbType.Text));
        command.Parameters.Add(OrNull(bet?.BetMicros, NpgsqlDbType.Bigint));
        command.Parameters.Add(OrNull(bet?.Currency, NpgsqlDbType.Text));
        command.Parameters.Add(OrNull(window?.Jackpot, NpgsqlDbType.Integer));
        command.Parameters.Add(OrNull(window?.GameId, NpgsqlDbType.Text));
        command.Parameters.Add(OrNull(window?.From.UtcDateTime, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(OrNull(window?.To.UtcDateTime, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = JsonSerializer.Serialize(preview, RefundJson.Default.RefundPreview), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = why });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = person });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        var id = (long)(await command.ExecuteScalarAsync(ct))!;
        await audit.AppendAsync(transaction, Step(id, "refund proposed", person, why) with { After = $"{scope}: {preview.Contributions} contributions" }, ct);
        await transaction.CommitAsync(ct);
        return (await FindAsync(id, ct))!;
    }

    /// <summary>Takes another person's decision, or the author's withdrawal. The refund afterwards, or why it stays as it is.</summary>
    public async Task<(ChangeAnswer Answer, Refund? Refund)> DecideAsync(long id, ChangeStep step, string person, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var before = (await ReadAsync(connection, "WHERE r.id = $1 FOR UPDATE OF r", ct, new NpgsqlParameter<long> { TypedValue = id })).SingleOrDefault();
        var answer = before is null ? ChangeAnswer.Done : FourEyes.Check(step, before.Author, person) is var eyes && eyes != ChangeAnswer.Done ? eyes
            : before.Status == Refund.Proposed ? ChangeAnswer.Done : ChangeAnswer.WrongStatus;
        if (before is null || answer != ChangeAnswer.Done)
        {
            return (answer, before);
        }

        // What was received in the window is recorded by now, or will be within moments; what comes later is not of it.
        await using var command = new NpgsqlCommand("""
            UPDATE refund r SET status = $2, decided_by = $3, decided_why = $4, decided_at = $5,
                   to_sequence = coalesce((SELECT sequence FROM jackpot_state WHERE id = r.jackpot), 0),
                   through_sequence = coalesce((SELECT first_sequence - 1 FROM batch WHERE jackpot = r.jackpot AND day >= (r.from_at AT TIME ZONE 'UTC')::date
                                                ORDER BY first_sequence LIMIT 1), 0)
            WHERE id = $1
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StatusAfter(step) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = person });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = why });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        await command.ExecuteNonQueryAsync(ct);
        await audit.AppendAsync(transaction, Step(id, "refund " + StatusAfter(step), person, why.Length > 0 ? why : before.Why) with { AuthorisedBy = before.Author, Before = before.Status, After = StatusAfter(step) }, ct);
        await transaction.CommitAsync(ct);
        return (ChangeAnswer.Done, await FindAsync(id, ct));
    }

    static string StatusAfter(ChangeStep step) => step switch
    {
        ChangeStep.Approve => Refund.Approved,
        ChangeStep.Reject => Refund.Rejected,
        ChangeStep.Withdraw => Refund.Withdrawn,
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "There is no such step."),
    };

    /// <summary>The oldest refund that is approved and not done, locked for this transaction; null when there is none, or another replica is at it.</summary>
    public static async Task<Refund?> NextAsync(NpgsqlConnection connection, CancellationToken ct) =>
        (await ReadAsync(connection, "WHERE r.status = 'approved' ORDER BY r.id LIMIT 1 FOR UPDATE OF r SKIP LOCKED", ct)).SingleOrDefault();

    /// <summary>Keeps how far a refund has come, inside the transaction that holds it.</summary>
    public async Task KeepAsync(NpgsqlTransaction transaction, Refund refund, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            UPDATE refund SET through_sequence = $2, voided = $3, passed_over = $4, contribution = $5, carried = $6, status = $7,
                   finished_at = CASE WHEN $7 = 'done' THEN $8 END
            WHERE id = $1
            """, transaction.Connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = refund.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = refund.ThroughSequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = refund.Voided });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = refund.PassedOver });
        command.Parameters.Add(new NpgsqlParameter<BigInteger> { TypedValue = refund.ContributionMicros, NpgsqlDbType = NpgsqlDbType.Numeric });
        command.Parameters.Add(new NpgsqlParameter<BigInteger> { TypedValue = refund.CarriedMicros, NpgsqlDbType = NpgsqlDbType.Numeric });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = refund.Status });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        await command.ExecuteNonQueryAsync(ct);
        if (refund.Status == Refund.Done)
        {
            await audit.AppendAsync(transaction, Step(refund.Id, "refund done", refund.DecidedBy ?? "", refund.Why) with
            {
                AuthorisedBy = refund.Author,
                After = string.Create(CultureInfo.InvariantCulture, $"{refund.Voided} contributions taken back, {refund.PassedOver} passed over; {refund.ContributionMicros} micro-units, {refund.CarriedMicros} of them by settlement"),
            }, ct);
        }
    }

    static AuditedStep Step(long id, string action, string person, string why) => new(string.Create(CultureInfo.InvariantCulture, $"refund {id}"), action, person, why);

    public async Task<Refund?> FindAsync(long id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await ReadAsync(connection, "WHERE r.id = $1", ct, new NpgsqlParameter<long> { TypedValue = id })).SingleOrDefault();
    }

    /// <summary>The newest.</summary>
    public async Task<List<Refund>> ListAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await ReadAsync(connection, "ORDER BY r.id DESC LIMIT $1", ct, new NpgsqlParameter<int> { TypedValue = ListMax });
    }

    static async Task<List<Refund>> ReadAsync(NpgsqlConnection connection, string where, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM refund r LEFT JOIN jackpot j ON j.id = r.jackpot {where}", connection);
        command.Parameters.AddRange(parameters);
        await using var row = await command.ExecuteReaderAsync(ct);
        var refunds = new List<Refund>();
        while (await row.ReadAsync(ct))
        {
            refunds.Add(new Refund(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), ScopeOf(row))
            {
                Preview = JsonSerializer.Deserialize(row.GetString(14), RefundJson.Default.RefundPreview)!,
                DecidedBy = Text(row, 15),
                DecidedWhy = Text(row, 16),
                ThroughSequence = row.GetInt64(17),
                ToSequence = row.GetInt64(18),
                Voided = row.GetInt64(19),
                PassedOver = row.GetInt64(20),
                ContributionMicros = row.GetSum(21),
                CarriedMicros = row.GetSum(22),
            });
        }

        return refunds;
    }

    static RefundScope ScopeOf(NpgsqlDataReader row) => row.GetString(4) == "void"
        ? new RefundScope.Bet(row.GetString(5), row.GetString(6), row.IsDBNull(7) ? null : row.GetInt64(7), Text(row, 8))
        : new RefundScope.Window(
            row.GetInt32(9), row.GetString(10), Text(row, 5), Text(row, 11), row.GetFieldValue<DateTimeOffset>(12), row.GetFieldValue<DateTimeOffset>(13));

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    static NpgsqlParameter OrNull(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
