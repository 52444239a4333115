using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Jackpots;
using Npgsql;

namespace Jackpot.Shard.Disclosure;

/// <summary>Reads the terms from the tables, never from a cache: a rules page may not be a moment behind what bets are decided by.</summary>
internal sealed class RulesReader(NpgsqlDataSource database)
{
    /// <summary>Null when no jackpot of that id lives here.</summary>
    public async Task<DisclosedJackpot?> ReadAsync(string jackpotId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            SELECT t.definition, t.version, t.in_force_at, j.approved, s.status
            FROM jackpot j JOIN jackpot_state s ON s.id = j.id JOIN jackpot_terms t ON t.jackpot = j.id AND t.version = j.config_version
            WHERE j.jackpot_id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = jackpotId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
        {
            return null;
        }

        var version = reader.GetInt32(1);
        var approved = reader.IsDBNull(3) ? null : JackpotTerms.Of(JackpotDefinition.Parse(reader.GetString(3)), version + 1);
        return new DisclosedJackpot(
            JackpotTerms.Of(JackpotDefinition.Parse(reader.GetString(0)), version), approved, reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(2));
    }
}
