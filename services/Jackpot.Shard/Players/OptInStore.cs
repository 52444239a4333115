using Jackpot.Core.Amounts;
using Jackpot.Ledger.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Players;

/// <summary>The rows behind <see cref="OptInBook"/>: every step is kept, the newest counts.</summary>
internal sealed class OptInStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Steps of a player and jackpot that one answer shows.</summary>
    public const int HistoryMax = 100;

    const long AdvisoryLock = 0x4A50_4F50_5449_4E31; // "JPOPTIN1"

    /// <summary>Adds a step unless the newest one says the same. <paramref name="consentVersion"/> null opts out.</summary>
    public async Task AddAsync(OptInKey key, int? consentVersion, Money? preferredStake, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var wait = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({AdvisoryLock})", connection))
        {
            await wait.ExecuteNonQueryAsync(ct);
        }

        var newest = (await HistoryAsync(connection, key, 1, ct)).FirstOrDefault() ?? Consent.None;
        if (newest.ConsentVersion == consentVersion && newest.PreferredStake == preferredStake)
        {
            await Flush.CommitAsync(transaction, ct);
            return;
        }

        await InsertAsync(connection, key, consentVersion, preferredStake, ct);
        await transaction.CommitAsync(ct);
    }

    async Task InsertAsync(NpgsqlConnection connection, OptInKey key, int? consentVersion, Money? preferredStake, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand("""
            INSERT INTO player_opt_in (tenant_id, player_id, jackpot, consent_version, preferred_stake, preferred_currency, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """, connection);
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.TenantId });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.PlayerId });
        insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = key.Jackpot });
        insert.Parameters.Add(new NpgsqlParameter { Value = (object?)consentVersion ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        insert.Parameters.Add(new NpgsqlParameter { Value = (object?)preferredStake?.Micros ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        insert.Parameters.Add(new NpgsqlParameter { Value = (object?)preferredStake?.Currency.Code ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        insert.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The newest steps first, at most <see cref="HistoryMax"/>.</summary>
    public async Task<List<Consent>> HistoryAsync(OptInKey key, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await HistoryAsync(connection, key, HistoryMax, ct);
    }

    static async Task<List<Consent>> HistoryAsync(NpgsqlConnection connection, OptInKey key, int atMost, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT consent_version, preferred_stake, preferred_currency, at FROM player_opt_in
            WHERE tenant_id = $1 AND player_id = $2 AND jackpot = $3 ORDER BY version DESC LIMIT $4
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.TenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.PlayerId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = key.Jackpot });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = atMost });
        await using var row = await command.ExecuteReaderAsync(ct);
        var steps = new List<Consent>();
        while (await row.ReadAsync(ct))
        {
            steps.Add(Read(row, 0));
        }

        return steps;
    }

    /// <summary>Reads consent version, preferred stake, its currency and the instant from four columns.</summary>
    public static Consent Read(NpgsqlDataReader row, int first) => new(
        row.IsDBNull(first) ? null : row.GetInt32(first),
        row.IsDBNull(first + 1) ? null : new Money(row.GetInt64(first + 1), Currency.Parse(row.GetString(first + 2))),
        row.GetFieldValue<DateTimeOffset>(first + 3));
}
