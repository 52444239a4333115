using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Jackpot.Shard.Templates;

[Table("template")]
internal sealed record TemplateRow([property: Key] string TemplateId, JackpotDefinition Shape, DateTimeOffset ChangedAt);

/// <summary>Keeps templates. One staff user may write them as long as no jackpot was made from them; after that they stay as they are.</summary>
internal sealed class TemplateStore(NpgsqlDataSource database, AuditLog audit)
{
    public static readonly Refused Unknown = new(Refusal.NotFound, "no template of that id is on this shard");

    public async Task<StoredTemplate?> ReadAsync(string id, CancellationToken ct)
    {
        await using var rows = ShardRows.Of(database);
        return await rows.Set<TemplateRow>().Where(row => row.TemplateId == id).Select(row => new StoredTemplate(row.Shape)).SingleOrDefaultAsync(ct);
    }

    /// <summary>Writes the template; the same shape again changes nothing.</summary>
    public async Task<Verdict<StoredTemplate>> PutAsync(JackpotTerms shape, string staffUser, string why, CancellationToken ct)
    {
        var definition = shape.Definition;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var rows = ShardRows.In(transaction);
        var before = await InsertOrLockAsync(rows, definition, ct);

        // Creating from the template takes a lock on its row by the reference, so this and that cannot pass each other.
        if (before != definition && await rows.Set<JackpotRow>().AnyAsync(jackpot => jackpot.Template == definition.JackpotId, ct))
        {
            return new Refused(Refusal.TemplateInUse, "jackpots were made from this template; put the new shape under another id");
        }

        await rows.Set<TemplateRow>().Where(row => row.TemplateId == definition.JackpotId).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Shape, definition).SetProperty(row => row.ChangedAt, _ => ShardRows.Now()), ct);
        await audit.AppendAsync(transaction, new AuditedStep($"template {definition.JackpotId}", "template put", staffUser, why)
        {
            Before = before == definition ? "" : before.ToJson(),
            After = definition.ToJson(),
        }, ct);
        await transaction.CommitAsync(ct);
        return new StoredTemplate(definition);
    }

    /// <summary>What is there, locked until the transaction ends. EF Core knows neither ON CONFLICT nor FOR UPDATE, so both are written out.</summary>
    static async Task<JackpotDefinition> InsertOrLockAsync(ShardRows rows, JackpotDefinition shape, CancellationToken ct)
    {
        await rows.Database.ExecuteSqlAsync(
            $"INSERT INTO template (template_id, shape) VALUES ({shape.JackpotId}, {shape.ToJson()}::jsonb) ON CONFLICT (template_id) DO NOTHING", ct);
        return (await rows.Set<TemplateRow>().FromSql($"SELECT * FROM template WHERE template_id = {shape.JackpotId} FOR UPDATE").ToListAsync(ct)).Single().Shape;
    }
}
