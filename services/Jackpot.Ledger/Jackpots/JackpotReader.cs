using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Jackpots;

/// <summary>Reads jackpots as they are now, terms and unsealed secrets included.</summary>
internal sealed class JackpotReader(CycleVault vault)
{
    const string Query = """
        SELECT j.id, j.version, j.sequence, j.chain_head, j.status, t.version, t.definition, d.approved, p.tier, p.id,
               s.cycle, s.opened_after_sequence, s.increment, s.seed, s.reserve, s.overflow, s.threshold_above, s.opened_at_ms,
               s.tickets_sold, s.last_award, c.sealed_secret, e.shard, e.epoch, c.rules, c.opening_overflow
        FROM jackpot_state j
        JOIN jackpot d ON d.id = j.id
        JOIN jackpot_terms t ON t.jackpot = j.id AND t.version = d.config_version
        JOIN pool p ON p.jackpot = j.id
        JOIN pool_state s ON s.id = p.id
        JOIN cycle c ON c.pool = p.id AND c.cycle = s.cycle
        LEFT JOIN LATERAL (SELECT shard, epoch FROM shard_epoch ORDER BY epoch DESC LIMIT 1) e ON true
        WHERE j.id = ANY ($1)
        ORDER BY j.id, p.tier
        """;

    /// <summary>Numbers without rows are left out.</summary>
    public async Task<List<LoadedJackpot>> ReadAsync(NpgsqlConnection connection, IReadOnlyCollection<int> numbers, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. numbers], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var loaded = new List<LoadedJackpot>(numbers.Count);
        while (await reader.ReadAsync(ct))
        {
            if (reader.GetInt16(8) == 0)
            {
                loaded.Add(NewJackpot(reader));
            }

            loaded[^1] = WithPool(loaded[^1], reader);
        }

        return loaded;
    }

    /// <summary>
    /// Locks the jackpots until the transaction ends and reads them. Whoever writes a next version must hold this lock or win the fence;
    /// both order all writers. Locks are taken in ascending order, so that two of these cannot wait for each other.
    /// </summary>
    public async Task<List<LoadedJackpot>> LockAsync(NpgsqlTransaction transaction, IReadOnlyCollection<int> numbers, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT id FROM jackpot_state WHERE id = ANY ($1) ORDER BY id FOR UPDATE", transaction.Connection);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. numbers], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        await command.ExecuteNonQueryAsync(ct);
        return await ReadAsync(transaction.Connection!, numbers, ct);
    }

    static LoadedJackpot NewJackpot(NpgsqlDataReader reader)
    {
        var terms = JackpotTerms.Of(JackpotDefinition.Parse(reader.GetString(6)), reader.GetInt32(5));
        var approved = reader.IsDBNull(7) ? null : JackpotTerms.Of(JackpotDefinition.Parse(reader.GetString(7)), terms.Version + 1);
        var state = new JackpotState(
            terms.Config.Id, StatusOf(reader.GetString(4)), reader.GetInt64(1), reader.GetInt64(2), new Hash32(reader.GetFieldValue<byte[]>(3)), []);
        var tiers = terms.Config.Pools.Length;
        return new LoadedJackpot(reader.GetInt32(0), new int[tiers], terms, approved, state, new CycleSecret[tiers])
        {
            Epoch = reader.IsDBNull(22)
                ? throw new InvalidOperationException("The shard's database is in no epoch; a shard enters one when it starts.")
                : ShardEpoch.Of(reader.GetString(21), reader.GetInt32(22)),
        };
    }

    LoadedJackpot WithPool(LoadedJackpot jackpot, NpgsqlDataReader reader)
    {
        var tier = reader.GetInt16(8);
        PoolId id = jackpot.Config.Pools[tier].Id;
        var status = jackpot.State.Status == JackpotStatus.Decommissioned ? PoolStatus.Dropped : PoolStatus.Open;
        var pool = new PoolState(
            id, status, reader.GetInt64(10), reader.GetInt64(11), reader.GetInt64(12), reader.GetInt64(13), reader.GetInt64(14),
            reader.GetInt64(15), reader.GetInt64(16))
        {
            OpenedAtUnixMs = reader.GetInt64(17),
            TicketsSold = reader.GetInt64(18),
            LastAwardMicros = reader.GetInt64(19),
            RulesVersion = reader.GetInt16(23),
            OpeningOverflowMicros = reader.GetInt64(24),
        };
        jackpot.PoolNumbers[tier] = reader.GetInt32(9);
        jackpot.Secrets[tier] = vault.Open(reader.GetFieldValue<byte[]>(20), id.Value, pool.Cycle);
        return jackpot with { State = jackpot.State with { Pools = jackpot.State.Pools.Add(pool) } };
    }

    public static JackpotStatus StatusOf(string status) => status switch
    {
        "active" => JackpotStatus.Active,
        "paused" => JackpotStatus.Paused,
        "decommissioned" => JackpotStatus.Decommissioned,
        _ => throw new InvalidOperationException($"A jackpot's status is '{status}', which this version does not know."),
    };

    public static string TextOf(JackpotStatus status) => status switch
    {
        JackpotStatus.Active => "active",
        JackpotStatus.Paused => "paused",
        JackpotStatus.Decommissioned => "decommissioned",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no such status."),
    };
}
