using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Contributions;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Commit;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Jackpots;

/// <summary>Who creates a jackpot, why, and from which template; <see cref="Template"/> is null for none.</summary>
internal sealed record Creator(string StaffUser, string Why, string? Template = null);

/// <summary>
/// Creates a jackpot: its rows, the first cycle of every pool with its commitment, the house's seeds in the books, and the entry in the
/// audit log, in one transaction.
/// </summary>
internal sealed class JackpotCreation(NpgsqlDataSource database, CycleVault vault, AuditLog audit, JackpotDirectory directory, TimeProvider clock)
{
    /// <summary>What became of the request to create a jackpot.</summary>
    public enum Result
    {
        Created,
        AlreadyThere,
        Differs,
        PoolTaken,
    }

    /// <summary>Creates the jackpot unless it exists. <paramref name="terms"/> must be free of faults.</summary>
    public async Task<Result> CreateAsync(JackpotTerms terms, Creator creator, CancellationToken ct)
    {
        var (definition, config) = (terms.Definition, terms.Config);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await InsertJackpotAsync(connection, terms, creator, ct) is not { } number)
        {
            var result = await ExistingDefinitionAsync(transaction, config.Id.Value, ct) == definition ? Result.AlreadyThere : Result.Differs;
            await Flush.CommitAsync(transaction, ct);
            return result;
        }

        var opening = JackpotRules.Start(config, terms.IsTimed ? clock.GetUtcNow().ToUnixTimeMilliseconds() : 0);
        var pools = await InsertPoolsAsync(connection, number, config, ct);
        if (pools.Length < config.Pools.Length)
        {
            return Result.PoolTaken;
        }

        await InsertStateAsync(connection, number, opening.State, ct);
        await InsertCyclesAsync(connection, new LoadedJackpot(number, pools, terms, null, opening.State, []), opening, ct);
        await audit.AppendAsync(
            transaction, new AuditedStep($"jackpot {config.Id}", "founded", creator.StaffUser, creator.Why) { After = definition.ToJson() }, ct);
        await transaction.CommitAsync(ct);
        await directory.ReloadAsync(config.Id.Value, ct);
        return Result.Created;
    }

    static async Task<int?> InsertJackpotAsync(NpgsqlConnection connection, JackpotTerms terms, Creator creator, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO jackpot (jackpot_id, definition, config_version, template) VALUES ($1, $2, $3, $4) ON CONFLICT (jackpot_id) DO NOTHING RETURNING id",
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = terms.Config.Id.Value });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = terms.Definition.ToJson(), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = terms.Version });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)creator.Template ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return (int?)await command.ExecuteScalarAsync(ct);
    }

    static async Task<JackpotDefinition> ExistingDefinitionAsync(NpgsqlTransaction transaction, string jackpotId, CancellationToken ct)
    {
        await using var rows = ShardRows.In(transaction);
        return await rows.Set<JackpotRow>().Where(jackpot => jackpot.JackpotId == jackpotId).Select(jackpot => jackpot.Definition).SingleAsync(ct);
    }

    static async Task<int[]> InsertPoolsAsync(NpgsqlConnection connection, int jackpot, JackpotConfig config, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            INSERT INTO pool (pool_id, jackpot, tier)
            SELECT u.id, $2, u.tier - 1 FROM unnest($1) WITH ORDINALITY AS u (id, tier) ORDER BY u.tier
            ON CONFLICT (pool_id) DO NOTHING RETURNING id
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. config.Pools.Select(pool => pool.Id.Value)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var numbers = new List<int>();
        while (await reader.ReadAsync(ct))
        {
            numbers.Add(reader.GetInt32(0));
        }

        return [.. numbers];
    }

    static async Task InsertStateAsync(NpgsqlConnection connection, int jackpot, JackpotState state, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO jackpot_state (id, version, sequence, chain_head, status) VALUES ($1, $2, $3, $4, 'active')", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = state.Version });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = state.Sequence });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = state.ChainHead.ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    async Task InsertCyclesAsync(NpgsqlConnection connection, LoadedJackpot jackpot, JackpotOpening opening, CancellationToken ct)
    {
        var cycles = new OpenCycleStatement();
        cycles.Begin(clock.GetUtcNow().UtcDateTime);
        var pools = new OpenPoolStatement();
        var journal = new JournalStatement();
        var terms = new TermsStatement();
        terms.Add(jackpot);
        journal.Begin(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        for (var tier = 0; tier < jackpot.PoolNumbers.Length; tier++)
        {
            var pool = opening.State.Pools[tier];
            cycles.Add(jackpot, JackpotPlan.Seal(tier, pool, CycleVault.NewSecret(), vault));
            pools.Add(jackpot.PoolNumbers[tier], pool);
            journal.Add(jackpot.PoolNumbers[tier], pool, opening.State, JournalStatement.Seed, opening.Ledger);
        }

        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(terms.Command);
        batch.BatchCommands.Add(pools.Command);
        batch.BatchCommands.Add(cycles.Command);
        batch.BatchCommands.Add(journal.Command);
        await batch.ExecuteNonQueryAsync(ct);
    }
}
