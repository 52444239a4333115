using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations.Schema;
using System.Linq.Expressions;
using System.Text.Json;
using Jackpot.Contracts.Views;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;

namespace Jackpot.Shard.Lifecycle;

/// <summary>An order without the id of its jackpot; <paramref name="Pools"/> as <see cref="TransferOrder.JsonOf"/> writes them.</summary>
[Table("transfer_order")]
internal sealed record TransferRow(int Source, [property: Column(TypeName = "jsonb")] string Pools, string Status, string Author, string Why)
{
    public long Id { get; init; }

    public string? DecidedBy { get; init; }

    public string? Decision { get; init; }

    [DatabaseGenerated(DatabaseGeneratedOption.Identity)]
    public DateTimeOffset CreatedAt { get; init; }

    [DatabaseGenerated(DatabaseGeneratedOption.Identity)]
    public DateTimeOffset ChangedAt { get; init; }
}

/// <summary>An order to transfer. <paramref name="Pools"/> leads from the source's pools to their targets.</summary>
internal sealed record TransferOrder(
    long Id,
    int Source,
    string JackpotId,
    ImmutableSortedDictionary<string, string> Pools,
    string Status,
    string Author,
    string Why,
    string? DecidedBy,
    string? Decision,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt)
{
    public const string Proposed = "proposed";
    public const string Done = "done";
    public const string Rejected = "rejected";
    public const string Withdrawn = "withdrawn";

    const int RowsMax = 100;

    public TransferView ToView() => new(Id, JackpotId, Pools, Status, Author, Why, DecidedBy, Decision, CreatedAt, ChangedAt);

    /// <summary>As the tables and the audit log keep it.</summary>
    public string PoolsJson() => JsonOf(Pools);

    public static string JsonOf(IEnumerable<KeyValuePair<string, string>> pools) => JsonSerializer.Serialize(pools.ToImmutableSortedDictionary());

    static ImmutableSortedDictionary<string, string> PoolsOf(string json) => JsonSerializer.Deserialize<ImmutableSortedDictionary<string, string>>(json)!;

    public static Task<TransferOrder?> ReadAsync(ShardRows rows, long id, CancellationToken ct) =>
        NewestFirst(rows, order => order.Id == id).SingleOrDefaultAsync(ct);

    /// <summary>Newest first.</summary>
    public static Task<List<TransferOrder>> OfJackpotAsync(ShardRows rows, int jackpot, CancellationToken ct) =>
        NewestFirst(rows, order => order.Source == jackpot).Take(RowsMax).ToListAsync(ct);

    static IQueryable<TransferOrder> NewestFirst(ShardRows rows, Expression<Func<TransferRow, bool>> which) =>
        from order in rows.Set<TransferRow>().Where(which)
        join jackpot in rows.Set<JackpotRow>() on order.Source equals jackpot.Id
        orderby order.Id descending
        select new TransferOrder(
            order.Id, order.Source, jackpot.JackpotId, PoolsOf(order.Pools), order.Status, order.Author, order.Why, order.DecidedBy, order.Decision,
            order.CreatedAt, order.ChangedAt);
}
