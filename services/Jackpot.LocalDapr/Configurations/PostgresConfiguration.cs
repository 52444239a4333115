using Jackpot.LocalDapr.Components;
using Jackpot.LocalDapr.Storage;
using Npgsql;

namespace Jackpot.LocalDapr.Configurations;

sealed record ConfigurationItem(string Key, string Value, string Version);

/// <summary><c>configuration.postgresql</c>: reads a table (key, value, version) that somebody else fills.</summary>
sealed class PostgresConfiguration(Component component, Databases databases)
{
    readonly NpgsqlDataSource _database = databases.Open(PostgresConnection.StringOf(component));
    readonly string _table = Schema.Quote(component.Required("table"));

    /// <summary>The named items, or all of them when none is named; of several versions of a key the highest.</summary>
    public async Task<IReadOnlyList<ConfigurationItem>> ReadAsync(string[] keys, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand(
            $"SELECT DISTINCT ON (key) key, value, version FROM {_table} WHERE cardinality($1) = 0 OR key = ANY($1) ORDER BY key, version DESC");
        command.Parameters.Add(new() { Value = keys });
        var items = new List<ConfigurationItem>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            items.Add(new ConfigurationItem(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }
        return items;
    }
}
