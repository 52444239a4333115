using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Pools;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Jackpots.Commit;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Jackpots;

/// <summary>A lane's way to PostgreSQL: one connection of its own, opened when needed and thrown away after any fault.</summary>
internal sealed class LaneStore(NpgsqlDataSource database, JackpotDirectory directory, CycleVault vault, string shard, TimeProvider clock) : IAsyncDisposable
{
    LaneCommit _commit = new(shard, clock);
    NpgsqlConnection? _connection;

    /// <summary>Reads the jackpots as they are now, secrets unsealed. Numbers without rows are left out.</summary>
    public async Task<List<LoadedJackpot>> LoadAsync(IReadOnlyCollection<int> numbers, CancellationToken ct)
    {
        if (numbers.Any(number => directory.ByNumber(number) is null))
        {
            await directory.ReloadAsync(ct);
        }

        await using var command = new NpgsqlCommand("""
            SELECT j.id, j.version, j.sequence, j.chain_head, j.status, p.tier, s.cycle, s.opened_after_sequence, s.increment, s.seed,
                   s.reserve, s.overflow, s.threshold_above, c.sealed_secret
            FROM jackpot_state j
            JOIN pool p ON p.jackpot = j.id
            JOIN pool_state s ON s.id = p.id
            JOIN cycle c ON c.pool = p.id AND c.cycle = s.cycle
            WHERE j.id = ANY ($1)
            ORDER BY j.id, p.tier
            """, await ConnectionAsync(ct));
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. numbers], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var loaded = new List<LoadedJackpot>(numbers.Count);
        while (await reader.ReadAsync(ct))
        {
            if (reader.GetInt16(5) == 0 && directory.ByNumber(reader.GetInt32(0)) is { } entry)
            {
                loaded.Add(NewJackpot(entry, reader));
            }

            loaded[^1] = WithPool(loaded[^1], reader);
        }

        return loaded;
    }

    static LoadedJackpot NewJackpot(JackpotEntry entry, NpgsqlDataReader reader)
    {
        var status = reader.GetString(4) == "active" ? JackpotStatus.Active : JackpotStatus.Paused;
        var state = new JackpotState(
            entry.Config.Id, status, reader.GetInt64(1), reader.GetInt64(2), new Hash32(reader.GetFieldValue<byte[]>(3)), []);
        return new LoadedJackpot(entry, state, new CycleSecret[entry.PoolNumbers.Length]);
    }

    LoadedJackpot WithPool(LoadedJackpot jackpot, NpgsqlDataReader reader)
    {
        var tier = reader.GetInt16(5);
        var id = jackpot.Entry.Config.Pools[tier].Id;
        var pool = new PoolState(
            id, PoolStatus.Open, reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(9),
            reader.GetInt64(10), reader.GetInt64(11), reader.GetInt64(12));
        jackpot.Secrets[tier] = vault.Open(reader.GetFieldValue<byte[]>(13), id.Value, pool.Cycle);
        return jackpot with { State = jackpot.State with { Pools = jackpot.State.Pools.Add(pool) } };
    }

    /// <summary>Finds which of the keys are stored, with what they were answered then.</summary>
    public async Task<Dictionary<Guid, StoredContribution>> FindStoredAsync(Guid[] keys, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT d.key16, d.body16, d.jackpot, d.sequence, c.contribution, c.amounts,
                   ARRAY(SELECT y.cycle FROM pool p JOIN cycle y ON y.pool = p.id
                         WHERE p.jackpot = d.jackpot AND y.opened_after_sequence < d.sequence
                           AND (y.dropped_at_sequence IS NULL OR y.dropped_at_sequence >= d.sequence)
                         ORDER BY p.tier),
                   ARRAY(SELECT p.tier || ' ' || a.award_id || ' ' || a.amount FROM award a JOIN pool p ON p.id = a.pool
                         WHERE a.jackpot = d.jackpot AND a.sequence = d.sequence ORDER BY p.tier)
            FROM dedupe d
            JOIN contribution c ON c.day = d.day AND c.jackpot = d.jackpot AND c.sequence = d.sequence
            WHERE d.key16 = ANY ($1)
            """, await ConnectionAsync(ct));
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = keys, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var stored = new Dictionary<Guid, StoredContribution>();
        while (await reader.ReadAsync(ct))
        {
            stored.Add(reader.GetGuid(0), new StoredContribution(reader.GetGuid(1), reader.GetInt32(2), FirstAnswer(reader)));
        }

        return stored;
    }

    static RecordedContribution FirstAnswer(NpgsqlDataReader reader)
    {
        var amounts = ContributionStatement.Unpack(reader.GetFieldValue<byte[]>(5));
        var cycles = reader.GetFieldValue<long[]>(6);
        return new RecordedContribution
        {
            Kind = RecordedKind.Duplicate,
            Sequence = reader.GetInt64(3),
            ContributionMicros = reader.GetInt64(4),
            Pools = [.. cycles.Zip(amounts, (cycle, amount) => new PoolAmount(cycle, amount))],
            Awards = [.. reader.GetFieldValue<string[]>(7).Select(ParseAward)],
        };
    }

    static WonAward ParseAward(string text)
    {
        var parts = text.Split(' ');
        return new WonAward(Number<int>(parts[0]), parts[1], Number<long>(parts[2]));

        static T Number<T>(string digits) where T : IParsable<T> => T.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task CommitAsync(IReadOnlyList<JackpotPlan> plans, ReadOnlyMemory<AcceptedContribution> items, CancellationToken ct) =>
        await _commit.ExecuteAsync(await ConnectionAsync(ct), plans, items, ct);

    /// <summary>
    /// Writes and flushes something. A batch of duplicates must do so before it is acknowledged: with a synchronous standby the rows it
    /// found may be committed here and not yet there.
    /// </summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT pg_logical_emit_message(true, 'jackpot', '')", await ConnectionAsync(ct));
        await command.ExecuteNonQueryAsync(ct);
    }

    async ValueTask<NpgsqlConnection> ConnectionAsync(CancellationToken ct) => _connection ??= await database.OpenConnectionAsync(ct);

    /// <summary>Gives the connection up after a fault: what it was doing when it failed is not known.</summary>
    public async Task ResetAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            // A command remembers the prepared statement of the connection it last ran on, and would ask the next one for it.
            _commit = new LaneCommit(shard, clock);
            await connection.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await ResetAsync();
}

/// <summary>A contribution that is stored already: the hash of its body, its jackpot, and the answer it was given.</summary>
internal sealed record StoredContribution(Guid Body16, int Jackpot, RecordedContribution Answer);
