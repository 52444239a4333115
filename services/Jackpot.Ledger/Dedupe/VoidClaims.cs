using Jackpot.Ledger.Contributions;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Dedupe;

/// <summary>A void that came before its bet.</summary>
/// <param name="Key16">Its own.</param>
/// <param name="Target16">What it names.</param>
/// <param name="BetMicros">So much of the bet; null for all of it.</param>
/// <param name="Currency">Of that amount; null for none.</param>
internal sealed record EarlyVoid(Guid Key16, Guid Body16, Guid Target16, string TenantId, string ContributionId, long? BetMicros, string? Currency, string Reason);

/// <summary>What is known of a void that came before its bet.</summary>
/// <param name="Body16">What it said.</param>
/// <param name="IsMet">Whether the bet has come.</param>
internal sealed record KnownEarlyVoid(Guid Body16, bool IsMet);

/// <summary>
/// Keeps voids whose bets have not come. They claim, in the table of keys, what they name: as a key and as a contribution id, so that whatever
/// body the bet comes in, and by whichever replica, it meets the claim in a unique index.
/// </summary>
internal sealed class VoidClaims(NpgsqlDataSource database, DedupeWindows windows, TimeProvider clock)
{
    /// <summary>Most voids that wait at once; more are to be sent again later.</summary>
    public const int WaitingMax = 100_000;

    /// <summary>How often a claim follows a dedupe window that moves on; each takes hours.</summary>
    const int AttemptsMax = 3;

    /// <summary>False when something is known under the name or the key after all: then it is to be looked up again.</summary>
    public async Task<bool> TryAddAsync(EarlyVoid early, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AddAsync(early, ct);
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

    /// <summary>
    /// The claims are of no kind that commits must look across for (<c>dedupe_kind</c>): each name is claimed in both indexes. A further void of
    /// the same bet finds the claims there and only waits beside the first.
    /// </summary>
    async Task<bool> AddAsync(EarlyVoid early, CancellationToken ct)
    {
        var view = windows.Current;
        await using var command = database.CreateCommand($$"""
            WITH entered AS MATERIALIZED (SELECT jp_enter_dedupe_window($12, '{}', '{}', '{}', '{}', false, false)),
                 known AS MATERIALIZED (SELECT d.* FROM jp_find_keys($10, $11, $12, $13, $14, $15, $16) d),
                 others AS (UPDATE void_waiting SET company = company + 1 WHERE target16 = $3 AND met_at IS NULL RETURNING 1),
                 kept AS (
                     INSERT INTO void_waiting (key16, body16, target16, tenant_id, contribution_id, bet, currency, reason, waiting_since, company)
                     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 1 + (SELECT count(*) FROM others) FROM entered
                     WHERE NOT EXISTS (SELECT FROM known WHERE jackpot <> {{StoredContributions.ClaimedByVoid}})
                       AND (EXISTS (SELECT FROM others) OR NOT EXISTS (SELECT FROM known))
                     RETURNING 1),
                 claimed AS (
                     INSERT INTO dedupe (key16, id16, id_is_key, sequence, jackpot, in_window)
                     SELECT c.key16, c.id16, c.id_is_key, {{StoredContributions.Claimed}}, {{StoredContributions.ClaimedByVoid}}, $12
                     FROM (VALUES ($3, NULL::uuid, true), (gen_random_uuid(), $3, NULL)) AS c (key16, id16, id_is_key), kept
                     WHERE NOT EXISTS (SELECT FROM others))
            SELECT count(*) FROM kept
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = early.Key16 });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = early.Body16 });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = early.Target16 });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = early.TenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = early.ContributionId });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)early.BetMicros ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)early.Currency ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = early.Reason });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        StoredContributions.AddWindows(command.Parameters, view, [new StoredName(early.Target16, early.Target16)]);
        return (long)(await command.ExecuteScalarAsync(ct))! > 0;
    }

    /// <summary>What is known of voids under their own keys.</summary>
    public async Task<Dictionary<Guid, KnownEarlyVoid>> FindAsync(IReadOnlyCollection<Guid> keys, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT key16, body16, met_at IS NOT NULL FROM void_waiting WHERE key16 = ANY ($1)");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using var row = await command.ExecuteReaderAsync(ct);
        var known = new Dictionary<Guid, KnownEarlyVoid>();
        while (await row.ReadAsync(ct))
        {
            known.Add(row.GetGuid(0), new KnownEarlyVoid(row.GetGuid(1), row.GetBoolean(2)));
        }

        return known;
    }

    const string Columns = "key16, body16, target16, tenant_id, contribution_id, bet, currency, reason";

    /// <summary>Voids that have met one part of a bet which reaches several jackpots, and not the others yet; oldest first.</summary>
    public async Task<List<EarlyVoid>> MetInPartAsync(int atMost, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM void_waiting WHERE met_at IS NOT NULL AND finished_at IS NULL ORDER BY met_at LIMIT $1");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = atMost });
        return await ReadAsync(command, ct);
    }

    /// <summary>Notes that nothing is left to be done for these voids.</summary>
    public async Task FinishedAsync(IReadOnlyCollection<Guid> keys, CancellationToken ct)
    {
        await using var command = database.CreateCommand("UPDATE void_waiting SET finished_at = $2 WHERE key16 = ANY ($1)");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The voids that wait for any of these names, oldest first.</summary>
    public static async Task<List<EarlyVoid>> WaitingForAsync(NpgsqlDataSource database, IReadOnlyCollection<Guid> targets, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM void_waiting WHERE target16 = ANY ($1) AND met_at IS NULL ORDER BY waiting_since, key16");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. targets], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        return await ReadAsync(command, ct);
    }

    static async Task<List<EarlyVoid>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        var waiting = new List<EarlyVoid>();
        while (await row.ReadAsync(ct))
        {
            waiting.Add(new EarlyVoid(
                row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetString(4), row.IsDBNull(5) ? null : row.GetInt64(5),
                row.IsDBNull(6) ? null : row.GetString(6), row.GetString(7)));
        }

        return waiting;
    }

    /// <summary>How many wait now.</summary>
    public async Task<long> CountAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT count(*) FROM void_waiting WHERE met_at IS NULL");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
