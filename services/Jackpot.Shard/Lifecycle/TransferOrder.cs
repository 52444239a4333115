using System.Collections.Immutable;
using System.Text.Json;
using Jackpot.Contracts.Views;
using Npgsql;

namespace Jackpot.Shard.Lifecycle;

/// <summary>A row of <c>transfer_order</c>. <paramref name="Pools"/> leads from the source's pools to their heirs.</summary>
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

    const string Query = """
        SELECT o.id, o.source, j.jackpot_id, o.pools, o.status, o.author, o.why, o.decided_by, o.decision, o.created_at, o.changed_at
        FROM transfer_order o JOIN jackpot j ON j.id = o.source
        """;

    public TransferView ToView() => new(Id, JackpotId, Pools, Status, Author, Why, DecidedBy, Decision, CreatedAt, ChangedAt);

    /// <summary>As the tables and the audit log keep it.</summary>
    public string PoolsJson() => JsonOf(Pools);

    public static string JsonOf(IEnumerable<KeyValuePair<string, string>> pools) => JsonSerializer.Serialize(pools.ToImmutableSortedDictionary());

    public static async Task<TransferOrder?> ReadAsync(NpgsqlConnection connection, long id, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Query + " WHERE o.id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        return (await OrdersAsync(command, ct)).SingleOrDefault();
    }

    /// <summary>Newest first.</summary>
    public static async Task<List<TransferOrder>> OfJackpotAsync(NpgsqlConnection connection, int jackpot, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Query + " WHERE o.source = $1 ORDER BY o.id DESC LIMIT $2", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = RowsMax });
        return await OrdersAsync(command, ct);
    }

    static async Task<List<TransferOrder>> OrdersAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        var orders = new List<TransferOrder>();
        while (await row.ReadAsync(ct))
        {
            orders.Add(new TransferOrder(
                row.GetInt64(0), row.GetInt32(1), row.GetString(2), JsonSerializer.Deserialize<ImmutableSortedDictionary<string, string>>(row.GetString(3))!,
                row.GetString(4), row.GetString(5), row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8),
                row.GetFieldValue<DateTimeOffset>(9), row.GetFieldValue<DateTimeOffset>(10)));
        }

        return orders;
    }
}
