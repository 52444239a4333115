using Jackpot.Contracts.Jackpots;
using Npgsql;

namespace Jackpot.Shard.Changes;

/// <summary>Reads changes with the terms that their authors saw.</summary>
internal static class ChangeReader
{
    /// <summary>Most changes that one list answers.</summary>
    public const int RowsMax = 100;

    const string Query = """
        SELECT c.id, c.jackpot, c.status, c.before_version, t.definition, c.after, c.author, c.why, c.decided_by, c.decision, c.created_at, c.changed_at
        FROM config_change c JOIN jackpot_terms t ON t.jackpot = c.jackpot AND t.version = c.before_version
        """;

    public static async Task<StoredChange?> ReadAsync(NpgsqlConnection connection, long id, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Query + " WHERE c.id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        return (await ChangesAsync(command, ct)).SingleOrDefault();
    }

    /// <summary>Newest first.</summary>
    public static async Task<List<StoredChange>> OfJackpotAsync(NpgsqlConnection connection, int jackpot, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Query + " WHERE c.jackpot = $1 ORDER BY c.id DESC LIMIT $2", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = RowsMax });
        return await ChangesAsync(command, ct);
    }

    static async Task<List<StoredChange>> ChangesAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        var changes = new List<StoredChange>();
        while (await row.ReadAsync(ct))
        {
            changes.Add(new StoredChange(
                row.GetInt64(0), row.GetInt32(1), StoredChange.StatusOf(row.GetString(2)), row.GetInt32(3),
                JackpotDefinition.Parse(row.GetString(4)), JackpotDefinition.Parse(row.GetString(5)), row.GetString(6), row.GetString(7),
                row.IsDBNull(8) ? null : row.GetString(8), row.IsDBNull(9) ? null : row.GetString(9),
                row.GetFieldValue<DateTimeOffset>(10), row.GetFieldValue<DateTimeOffset>(11)));
        }

        return changes;
    }
}
