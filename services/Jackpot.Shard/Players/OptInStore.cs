using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Storage;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Jackpot.Shard.Players;

/// <summary>One step of a player: in with a consent version, out without one.</summary>
[Table("player_opt_in")]
internal sealed record OptInRow(
    [property: Key] long Version, string TenantId, string PlayerId, int Jackpot, int? ConsentVersion, long? PreferredStake, string? PreferredCurrency, DateTimeOffset At);

/// <summary>The rows behind <see cref="OptInCache"/>: every step is kept, the newest counts.</summary>
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
        await using var rows = ShardRows.In(transaction);
        await rows.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AdvisoryLock})", ct);
        var newest = (await NewestAsync(rows, key, 1, ct)).FirstOrDefault() ?? Consent.None;
        if (newest.ConsentVersion == consentVersion && newest.PreferredStake == preferredStake)
        {
            await Flush.CommitAsync(transaction, ct);
            return;
        }

        rows.Add(new OptInRow(
            0, key.TenantId, key.PlayerId, key.Jackpot, consentVersion, preferredStake?.Micros, preferredStake?.Currency.Code, clock.GetUtcNow()));
        await rows.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>The newest steps first, at most <see cref="HistoryMax"/>.</summary>
    public async Task<List<Consent>> HistoryAsync(OptInKey key, CancellationToken ct)
    {
        await using var rows = ShardRows.Of(database);
        return await NewestAsync(rows, key, HistoryMax, ct);
    }

    static Task<List<Consent>> NewestAsync(ShardRows rows, OptInKey key, int atMost, CancellationToken ct) => rows.Set<OptInRow>()
        .Where(row => row.TenantId == key.TenantId && row.PlayerId == key.PlayerId && row.Jackpot == key.Jackpot).OrderByDescending(row => row.Version).Take(atMost)
        .Select(row => new Consent(row.ConsentVersion, StakeOf(row.PreferredStake, row.PreferredCurrency), row.At)).ToListAsync(ct);

    static Money? StakeOf(long? micros, string? currency) => micros is { } stake ? new Money(stake, Currency.Parse(currency!)) : null;
}
