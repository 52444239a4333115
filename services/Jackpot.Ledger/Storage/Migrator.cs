using System.Reflection;
using Npgsql;

namespace Jackpot.Ledger.Storage;

/// <summary>Brings the shard's schema up to date: ordered SQL files, each applied once, under one advisory lock.</summary>
internal static class Migrator
{
    const long AdvisoryLock = 0x4A50_5343_4845_4D41; // "JPSCHEMA"
    const string Prefix = "Jackpot.Ledger.Storage.Sql.";

    public static async Task MigrateAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({AdvisoryLock})", ct);
        await ExecuteAsync(connection,
            "CREATE TABLE IF NOT EXISTS schema_version (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())", ct);
        var applied = await AppliedAsync(connection, ct);
        foreach (var name in ScriptNames())
        {
            if (!applied.Contains(name))
            {
                await ApplyAsync(connection, name, ct);
            }
        }

        await transaction.CommitAsync(ct);
    }

    static IEnumerable<string> ScriptNames() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..]).Order(StringComparer.Ordinal);

    static async Task<HashSet<string>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT name FROM schema_version", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    static async Task ApplyAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)!;
        using var reader = new StreamReader(stream);
        await ExecuteAsync(connection, await reader.ReadToEndAsync(ct), ct);
        await using var command = new NpgsqlCommand("INSERT INTO schema_version (name) VALUES ($1)", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = name } },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
