using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Verification;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Regulator.Replay;

/// <summary>A cycle as it was opened, with its secret.</summary>
internal sealed record StoredCycle(
    int ConfigVersion, long OpenedAfterSequence, long OpenedAtMs, int RulesVersion, CycleSecret Secret, (long Increment, long Seed, long Reserve, long Overflow) Opening);

/// <summary>What a cycle paid.</summary>
internal sealed record StoredAward(string AwardId, ShardEpoch? Epoch, long Sequence, long AmountMicros, int? ConfigVersion);

/// <summary>Something that happened between batches: an external drop, or money that moved.</summary>
internal sealed record StoredStep(int Tier, long Sequence, long Cycle, bool IsExternalDrop, Adjustment Moved, long SeedMicros)
{
    /// <summary>The number of the first void, when it is a step of voids; else zero.</summary>
    public long FirstVoid { get; init; }
}

/// <summary>
/// Everything that a replay needs beside the rows themselves, from one snapshot: rows are never changed, so they can be read afterwards
/// without one, however long that takes.
/// </summary>
internal sealed class StoredHistory
{
    StoredHistory(LoadedJackpot now) => Now = now;

    /// <summary>The jackpot as it stood at the snapshot.</summary>
    public LoadedJackpot Now { get; }

    public Dictionary<int, JackpotTerms> Terms { get; } = [];

    public Dictionary<(int Tier, long Cycle), StoredCycle> Cycles { get; } = [];

    public Dictionary<(int Tier, long Cycle), StoredAward> Awards { get; } = [];

    /// <summary>In the order of the versions that they made.</summary>
    public List<StoredStep> Steps { get; } = [];

    public static async Task<StoredHistory> ReadAsync(NpgsqlDataSource database, JackpotReader jackpots, CycleVault vault, int number, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var now = (await jackpots.ReadAsync(connection, [number], ct)).Single();
        var history = new StoredHistory(now);
        await history.ReadTermsAsync(connection, ct);
        await history.ReadCyclesAsync(connection, vault, ct);
        await history.ReadStepsAsync(connection, ct);
        return history;
    }

    async Task ReadTermsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = Of(connection, "SELECT version, definition FROM jackpot_terms WHERE jackpot = $1");
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            Terms.Add(row.GetInt32(0), JackpotTerms.Of(JackpotDefinition.Parse(row.GetString(1)), row.GetInt32(0)));
        }
    }

    async Task ReadCyclesAsync(NpgsqlConnection connection, CycleVault vault, CancellationToken ct)
    {
        await using var command = Of(connection, """
            SELECT p.tier, c.cycle, c.config_version, c.opened_after_sequence, c.opened_at_ms, c.secret, c.sealed_secret,
                   c.opening_increment, c.opening_seed, c.opening_reserve, c.opening_overflow, a.award_id, a.sequence, a.amount, a.config_version,
                   e.shard, e.epoch, c.rules
            FROM pool p JOIN cycle c ON c.pool = p.id LEFT JOIN award a ON a.pool = c.pool AND a.cycle = c.cycle
            LEFT JOIN shard_epoch e ON e.epoch = a.shard_epoch
            WHERE p.jackpot = $1
            """);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var key = ((int)row.GetInt16(0), row.GetInt64(1));
            var secret = row.IsDBNull(5)
                ? vault.Open(row.GetFieldValue<byte[]>(6), Now.Config.Pools[key.Item1].Id.Value, key.Item2)
                : new CycleSecret(row.GetFieldValue<byte[]>(5));
            Cycles.Add(key, new StoredCycle(
                row.GetInt32(2), row.GetInt64(3), row.GetInt64(4), row.GetInt16(17), secret, (row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10))));
            if (!row.IsDBNull(11))
            {
                Awards.Add(key, new StoredAward(
                    row.GetString(11), row.IsDBNull(15) ? null : ShardEpoch.Of(row.GetString(15), row.GetInt32(16)), row.GetInt64(12), row.GetInt64(13),
                    row.IsDBNull(14) ? null : row.GetInt32(14)));
            }
        }
    }

    async Task ReadStepsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = Of(connection, """
            SELECT p.tier, j.sequence, j.cycle, j.kind = 'call', j.increment, j.seed, j.reserve, j.overflow, 0::bigint, j.version
            FROM pool p JOIN journal j ON j.pool = p.id
            WHERE p.jackpot = $1 AND j.kind IN ('call', 'transfer', 'funding')
            UNION ALL
            SELECT 0::smallint, after_sequence, 0, false, 0, 0, 0, 0, first_number, version FROM void_step WHERE jackpot = $1
            ORDER BY 10, 1
            """);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var (tier, increment) = (row.GetInt16(0), row.GetInt64(4));
            var hides = Now.Config.Pools[tier].Trigger is MustDropByAmount;
            Steps.Add(new StoredStep(
                tier, row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3),
                new Adjustment(row.GetInt64(1), increment, row.GetInt64(6), row.GetInt64(7), hides && increment > 0), row.GetInt64(5))
            {
                FirstVoid = row.GetInt64(8),
            });
        }
    }

    NpgsqlCommand Of(NpgsqlConnection connection, string sql)
    {
        var command = LongRead.Command(connection, sql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Now.Number });
        return command;
    }

    /// <summary>Under which rules a cycle was opened; one that the rows lead to and the tables do not know is found out by its opening.</summary>
    public int RulesVersionOf(PoolId pool, long cycle)
    {
        var tier = Now.Config.Pools.Select(one => one.Id).ToList().IndexOf(pool);
        return Cycles.TryGetValue((tier, cycle), out var stored) ? stored.RulesVersion : PoolRules.RulesVersion;
    }

    /// <summary>The jackpot's state before anything happened, as the rules start it.</summary>
    public JackpotState Genesis() => Core.Contributions.JackpotRules.Start(Terms[1].Config, Cycles[(0, 1)].OpenedAtMs).State;
}
