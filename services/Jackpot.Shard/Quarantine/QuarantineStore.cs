using System.Globalization;
using Jackpot.Core.Limits;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Parking;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.Sidecar;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Quarantine;

/// <summary>The quarantine's rows, and the claims on keys that go with them.</summary>
internal sealed class QuarantineStore(NpgsqlDataSource database, AuditLog audit, DedupeWindows windows, TimeProvider clock)
{
    const string Component = "quarantine";

    /// <summary>How often a claim follows a dedupe window that moves on; each takes hours.</summary>
    const int AttemptsMax = 3;

    const string Columns = """
        id, status, reason, key16, body16, jackpot, stake, bet, bet_currency, rate_nanos, rate_version, occurred_at, received_at,
        tenant_id, contribution_id, player_id, game_id, round_id, decided_by, why, decided_at, id16, funding
        """;

    /// <summary>
    /// Holds a contribution back and claims its key and id, in one statement. False when either is in the ledger or has been in the quarantine
    /// before: then what is known of it is the answer.
    /// </summary>
    public async Task<bool> HoldAsync(AcceptedContribution item, LimitVerdict reason, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryHoldAsync(item, reason, ct);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                return false;
            }
            catch (PostgresException e) when (e.SqlState == DedupeWindows.Moved && attempt < AttemptsMax)
            {
                await windows.RefreshAsync(ct);
            }
        }
    }

    async Task<bool> TryHoldAsync(AcceptedContribution item, LimitVerdict reason, CancellationToken ct)
    {
        var view = windows.Current;
        await using var command = database.CreateCommand($"""
            WITH entered AS MATERIALIZED (
                SELECT jp_enter_dedupe_window($20, $21, $22, $23, $24, $17 = $1, $17 NOT IN ($1, '{Guid.Empty}')) AS holds_both),
            known AS MATERIALIZED (SELECT FROM jp_find_keys($18, $19, $20, $21, $22, $23, $24)),
            claimed AS (
                INSERT INTO dedupe (key16, sequence, jackpot, in_window, id16, id_is_key)
                SELECT $1, 0, $3, $20, CASE WHEN $17 <> $1 AND $17 <> '{Guid.Empty}' THEN $17 END, CASE WHEN $17 = $1 THEN true END
                FROM entered
                WHERE NOT EXISTS (SELECT FROM known)
                  AND NOT EXISTS (SELECT FROM quarantine WHERE key16 = $1 OR id16 = nullif($17, '{Guid.Empty}'::uuid))
                RETURNING key16)
            INSERT INTO quarantine (key16, body16, jackpot, status, reason, stake, bet, bet_currency, rate_nanos, rate_version, occurred_at, received_at,
                                    tenant_id, contribution_id, player_id, game_id, round_id, id16, funding)
            SELECT key16, $2, $3, 'held', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, nullif($17, '{Guid.Empty}'::uuid), $25 FROM claimed
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = item.Key16 });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = item.Body16 });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = item.Jackpot });
        command.Parameters.Add(Text(WireNames.Of(reason)));
        AddContribution(command.Parameters, item);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = item.Id16 });
        StoredContributions.AddWindows(command.Parameters, view, [StoredName.Of(item)]);
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)item.Funding });
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    static void AddContribution(NpgsqlParameterCollection parameters, in AcceptedContribution item)
    {
        parameters.Add(new NpgsqlParameter<long> { TypedValue = item.StakeMicros });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = item.BetMicros });
        parameters.Add(Text(item.BetCurrency));
        parameters.Add(new NpgsqlParameter<long> { TypedValue = item.RateNanos });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = item.RateVersion });
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = new DateTime(item.OccurredAtTicks, DateTimeKind.Utc) });
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = new DateTime(item.ReceivedAtTicks, DateTimeKind.Utc) });
        foreach (var id in new[] { item.TenantId, item.ContributionId, item.PlayerId, item.GameId, item.RoundId })
        {
            parameters.Add(Text(id));
        }
    }

    /// <summary>The entries of these keys and contribution ids, without those that cannot be read.</summary>
    public async Task<List<QuarantineEntry>> FindAsync(IReadOnlyCollection<StoredName> names, CancellationToken ct) => [.. (await ReadAsync(
        "WHERE key16 = ANY ($1) OR id16 = ANY ($2)", row => Readable<QuarantineEntry?>(row, entry => entry, _ => null), ct,
        Hashes([.. names.Select(name => name.Key16)]), Hashes([.. names.Select(name => name.Id16).Where(id => id != Guid.Empty)]))).OfType<QuarantineEntry>()];

    static NpgsqlParameter<Guid[]> Hashes(Guid[] hashes) => new() { TypedValue = hashes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    /// <summary>The oldest entries of a status.</summary>
    /// <param name="status">One of <see cref="QuarantineEntry.Statuses"/>.</param>
    /// <param name="atMost">Entries.</param>
    /// <param name="view">Shows one; what it throws says that the entry cannot be read.</param>
    /// <param name="unreadable">Shows one that cannot be read.</param>
    /// <param name="ct">Gives up.</param>
    public Task<List<T>> ListAsync<T>(string status, int atMost, Func<QuarantineEntry, T> view, Func<UnreadableEntry, T> unreadable, CancellationToken ct) => ReadAsync(
        "WHERE status = $1 ORDER BY id LIMIT $2", row => Readable(row, view, unreadable), ct, Text(status), new NpgsqlParameter<int> { TypedValue = atMost });

    /// <summary>The ids of releases that were begun and are not finished, after one id, without parked ones.</summary>
    public async Task<List<long>> ReleasingAsync(long after, int atMost, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            SELECT id FROM quarantine q WHERE status = '{QuarantineEntry.Releasing}' AND id > $1
              AND NOT EXISTS (SELECT FROM parked_row r WHERE r.source = '{ParkingSource.Quarantine}' AND r.key = q.id::text)
            ORDER BY id LIMIT $2
            """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = atMost });
        await using var row = await command.ExecuteReaderAsync(ct);
        var ids = new List<long>();
        while (await row.ReadAsync(ct))
        {
            ids.Add(row.GetInt64(0));
        }

        return ids;
    }

    public async Task<QuarantineEntry?> FindAsync(long id, CancellationToken ct) =>
        (await ReadAsync("WHERE id = $1", EntryOf, ct, new NpgsqlParameter<long> { TypedValue = id })).SingleOrDefault();

    /// <summary>
    /// Keeps a decision of staff, with its audit entry. A release gives the key back in the same transaction, so that the ledger can take the
    /// contribution; from then on it will, whoever dies. False when somebody has decided before.
    /// </summary>
    public async Task<bool> DecideAsync(QuarantinedContribution decided, long id, CancellationToken ct)
    {
        var status = decided.Status == QuarantineStatus.Released ? QuarantineEntry.Releasing : QuarantineEntry.Refused;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var update = new NpgsqlCommand("""
            WITH decided AS (
                UPDATE quarantine SET status = $2, decided_by = $3, why = $4, decided_at = $5 WHERE id = $1 AND status = 'held' RETURNING key16, status),
            freed AS (
                DELETE FROM dedupe USING decided d WHERE dedupe.key16 = d.key16 AND dedupe.sequence = 0 AND d.status = 'releasing')
            SELECT count(*) FROM decided
            """, connection))
        {
            update.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
            update.Parameters.Add(Text(status));
            update.Parameters.Add(Text(decided.DecidedBy!));
            update.Parameters.Add(Text(decided.Why!));
            update.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
            if ((long)(await update.ExecuteScalarAsync(ct))! == 0)
            {
                return false;
            }
        }

        await audit.AppendAsync(transaction, Step(decided, id, status), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    static AuditedStep Step(QuarantinedContribution decided, long id, string status) =>
        new(Component, status == QuarantineEntry.Refused ? "refuse" : "release", decided.DecidedBy!, decided.Why!)
        {
            Before = string.Create(CultureInfo.InvariantCulture, $"entry {id}: held, {WireNames.Of(decided.Reason)}, stake {decided.StakeMicros} micro-units"),
            After = status,
        };

    /// <summary>Notes where a release has ended. Only a release in progress can end.</summary>
    public async Task FinishAsync(long id, string status, CancellationToken ct)
    {
        await using var command = database.CreateCommand("UPDATE quarantine SET status = $2 WHERE id = $1 AND status = 'releasing'");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        command.Parameters.Add(Text(status));
        await command.ExecuteNonQueryAsync(ct);
    }

    async Task<List<T>> ReadAsync<T>(string where, Func<NpgsqlDataReader, T> read, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM quarantine {where}");
        command.Parameters.AddRange(parameters);
        await using var row = await command.ExecuteReaderAsync(ct);
        var entries = new List<T>();
        while (await row.ReadAsync(ct))
        {
            entries.Add(read(row));
        }

        return entries;
    }

    static T Readable<T>(NpgsqlDataReader row, Func<QuarantineEntry, T> view, Func<UnreadableEntry, T> unreadable)
    {
        try
        {
            return view(EntryOf(row));
        }
#pragma warning disable CA1031 // The edge of a row: what is wrong with this entry must not hide the others.
        catch (Exception fault) when (!RowFault.IsOutage(fault))
#pragma warning restore CA1031
        {
            return unreadable(new UnreadableEntry(row.GetInt64(0), fault.Message));
        }
    }

    static QuarantineEntry EntryOf(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), WireNames.Parse<LimitVerdict>(row.GetString(2)), ContributionOf(row),
        row.IsDBNull(18) ? null : row.GetString(18), row.IsDBNull(19) ? null : row.GetString(19),
        row.IsDBNull(20) ? null : row.GetFieldValue<DateTimeOffset>(20));

    static AcceptedContribution ContributionOf(NpgsqlDataReader row) => new()
    {
        Key16 = row.GetGuid(3),
        Body16 = row.GetGuid(4),
        Id16 = row.IsDBNull(21) ? Guid.Empty : row.GetGuid(21),
        Jackpot = row.GetInt32(5),
        StakeMicros = row.GetInt64(6),
        BetMicros = row.GetInt64(7),
        BetCurrency = row.GetString(8),
        Funding = (Core.Pools.BetFunding)row.GetInt16(22),
        RateNanos = row.GetInt64(9),
        RateVersion = row.GetInt32(10),
        OccurredAtTicks = row.GetFieldValue<DateTimeOffset>(11).UtcTicks,
        ReceivedAtTicks = row.GetFieldValue<DateTimeOffset>(12).UtcTicks,
        TenantId = row.GetString(13),
        ContributionId = row.GetString(14),
        PlayerId = row.GetString(15),
        GameId = row.GetString(16),
        RoundId = row.GetString(17),
    };

    static NpgsqlParameter<string> Text(string text) => new() { TypedValue = text };
}
