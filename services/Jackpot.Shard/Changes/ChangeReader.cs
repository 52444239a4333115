using System.ComponentModel.DataAnnotations.Schema;
using System.Linq.Expressions;
using Jackpot.Contracts.Jackpots;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;

namespace Jackpot.Shard.Changes;

/// <summary>A change without the terms that it changes.</summary>
[Table("config_change")]
internal sealed record ChangeRow(int Jackpot, string Status, int BeforeVersion, JackpotDefinition After, string Author, string Why)
{
    public long Id { get; init; }

    public string? DecidedBy { get; init; }

    public string? Decision { get; init; }

    [DatabaseGenerated(DatabaseGeneratedOption.Identity)]
    public DateTimeOffset CreatedAt { get; init; }

    [DatabaseGenerated(DatabaseGeneratedOption.Identity)]
    public DateTimeOffset ChangedAt { get; init; }
}

/// <summary>Reads changes with the terms that their authors saw.</summary>
internal static class ChangeReader
{
    /// <summary>Most changes that one list answers.</summary>
    public const int RowsMax = 100;

    public static Task<StoredChange?> ReadAsync(ShardRows rows, long id, CancellationToken ct) =>
        NewestFirst(rows, row => row.Id == id).SingleOrDefaultAsync(ct);

    /// <summary>Newest first.</summary>
    public static Task<List<StoredChange>> OfJackpotAsync(ShardRows rows, int jackpot, CancellationToken ct) =>
        NewestFirst(rows, row => row.Jackpot == jackpot).Take(RowsMax).ToListAsync(ct);

    static IQueryable<StoredChange> NewestFirst(ShardRows rows, Expression<Func<ChangeRow, bool>> which) =>
        from change in rows.Set<ChangeRow>().Where(which)
        join terms in rows.Set<TermsRow>() on new { change.Jackpot, Version = change.BeforeVersion } equals new { terms.Jackpot, terms.Version }
        orderby change.Id descending
        select new StoredChange(
            change.Id, change.Jackpot, StoredChange.StatusOf(change.Status), change.BeforeVersion, terms.Definition, change.After, change.Author, change.Why,
            change.DecidedBy, change.Decision, change.CreatedAt, change.ChangedAt);
}
