using System.Reflection;
using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Shard.Tests.Storage;

/// <summary>A database as an earlier version of the shard left it.</summary>
internal static class EarlierVersion
{
    const string Prefix = "Jackpot.Ledger.Storage.Sql.";

    /// <summary>The cycle and award of pool euro-spins-main as the version before epochs named and stored them.</summary>
    public const string AwardId = "228d56c8808d8c6d3c3bd1ede0274584";

    /// <summary>Makes the tables as they were after all scripts before this one.</summary>
    public static async Task MigrateUntilAsync(NpgsqlDataSource database, string script, CancellationToken ct)
    {
        await ExecuteAsync(database, "CREATE TABLE schema_version (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())", ct);
        var scripts = typeof(Migrator).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && string.CompareOrdinal(name[Prefix.Length..], script) < 0).Order(StringComparer.Ordinal);
        foreach (var name in scripts)
        {
            using var reader = new StreamReader(Assembly.GetAssembly(typeof(Migrator))!.GetManifestResourceStream(name)!);
            await ExecuteAsync(database, await reader.ReadToEndAsync(ct), ct);
            await ExecuteAsync(database, $"INSERT INTO schema_version (name) VALUES ('{name[Prefix.Length..]}')", ct);
        }
    }

    /// <summary>An award of EUR 20.00 with payouts of 15.00, which the wallet may have been asked for, and of 5.00, which it was not.</summary>
    public static Task AddOpenPayoutsAsync(NpgsqlDataSource database, CancellationToken ct) => ExecuteAsync(database, $"""
        INSERT INTO jackpot (jackpot_id, definition, config_version) VALUES ('euro-spins', '{TestLedger.Quiet("euro-spins").ToJson()}', 1);
        INSERT INTO jackpot_terms (jackpot, version, definition, after_sequence) SELECT id, 1, definition, 0 FROM jackpot;
        INSERT INTO jackpot_state (id, version, sequence, chain_head, status) SELECT id, 5, 5, decode(repeat('00', 32), 'hex'), 'active' FROM jackpot;
        INSERT INTO pool (pool_id, jackpot, tier) SELECT 'euro-spins-main', id, 0 FROM jackpot;
        INSERT INTO cycle (pool, cycle, config_version, commitment, sealed_secret, secret, opened_at, opened_after_sequence, opening_increment, opening_seed,
                           opening_reserve, opening_overflow, threshold_above, dropped_at, dropped_at_sequence)
        SELECT id, 3, 1, decode(repeat('00', 32), 'hex'), '', decode(repeat('00', 32), 'hex'), now(), 0, 0, 0, 0, 0, 0, now(), 5 FROM pool;
        INSERT INTO award (award_id, pool, cycle, jackpot, sequence, amount, currency, tenant_id, player_id, contribution_id, game_id, round_id, awarded_at)
        SELECT '{AwardId}', id, 3, jackpot, 5, 20000000, 'EUR', '{TestLedger.Tenant}', 'player-1', 'c', 'g', 'r', now() FROM pool;
        INSERT INTO payout (payout_id, award_id, winner, tenant_id, player_id, amount, state, attempts, requested_at, changed_at) VALUES
            ('payout-{AwardId}', '{AwardId}', 0, '{TestLedger.Tenant}', 'player-1', 15000000, 'crediting', 1, now(), now()),
            ('payout-{AwardId}-1', '{AwardId}', 1, '{TestLedger.Tenant}', 'player-2', 5000000, 'requested', 0, now(), now());
        """, ct);

    static async Task ExecuteAsync(NpgsqlDataSource database, string sql, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
