using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Problems;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Templates;

/// <summary>Keeps templates. One person may write them as long as no jackpot was made from them; after that they stay as they are.</summary>
internal sealed class TemplateStore(NpgsqlDataSource database, AuditLog audit)
{
    public static readonly Refused Unknown = new(Refusal.NotFound, "no template of that id is on this shard");

    public async Task<StoredTemplate?> ReadAsync(string id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await ReadAsync(connection, id, "", ct);
    }

    /// <summary>Writes the template; the same shape again changes nothing.</summary>
    public async Task<Verdict<StoredTemplate>> PutAsync(JackpotTerms shape, string person, string why, CancellationToken ct)
    {
        var definition = shape.Definition;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await InsertAsync(connection, definition, ct);
        var before = (await ReadAsync(connection, definition.JackpotId, "FOR UPDATE", ct))!;
        if (before.Shape != definition && await IsUsedAsync(connection, definition.JackpotId, ct))
        {
            return new Refused(Refusal.TemplateInUse, "jackpots were made from this template; put the new shape under another id");
        }

        await UpdateAsync(connection, definition, ct);
        await audit.AppendAsync(transaction, new AuditedStep($"template {definition.JackpotId}", "template put", person, why)
        {
            Before = before.Shape == definition ? "" : before.Shape.ToJson(),
            After = definition.ToJson(),
        }, ct);
        await transaction.CommitAsync(ct);
        return new StoredTemplate(definition);
    }

    static async Task<StoredTemplate?> ReadAsync(NpgsqlConnection connection, string id, string locking, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"SELECT shape FROM template WHERE template_id = $1 {locking}", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        return await command.ExecuteScalarAsync(ct) is string shape ? new StoredTemplate(JackpotDefinition.Parse(shape)) : null;
    }

    // Founding from the template takes a lock on its row by the reference, so this and that cannot pass each other.
    static async Task<bool> IsUsedAsync(NpgsqlConnection connection, string id, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM jackpot WHERE template = $1)", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    static Task InsertAsync(NpgsqlConnection connection, JackpotDefinition shape, CancellationToken ct) =>
        WriteAsync(connection, "INSERT INTO template (template_id, shape) VALUES ($1, $2) ON CONFLICT (template_id) DO NOTHING", shape, ct);

    static Task UpdateAsync(NpgsqlConnection connection, JackpotDefinition shape, CancellationToken ct) =>
        WriteAsync(connection, "UPDATE template SET shape = $2, changed_at = now() WHERE template_id = $1", shape, ct);

    static async Task WriteAsync(NpgsqlConnection connection, string sql, JackpotDefinition shape, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = shape.JackpotId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = shape.ToJson(), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync(ct);
    }
}
