using Jackpot.Shard.Contributions;
using Jackpot.Shard.Jackpots.Commit;
using Jackpot.Shard.Storage;
using Jackpot.Shard.Storage.Dedupe;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Jackpots;

/// <summary>A lane's way to PostgreSQL: one connection of its own, opened when needed and thrown away after any fault.</summary>
internal sealed class LaneStore(
    NpgsqlDataSource database, JackpotDirectory directory, JackpotReader reader, DedupeWindows windows, string shard, TimeProvider clock) : IAsyncDisposable
{
    LaneCommit _commit = new(shard, windows, clock);
    NpgsqlConnection? _connection;

    /// <summary>Reads the jackpots as they are now, secrets unsealed. Numbers without rows are left out.</summary>
    public async Task<List<LoadedJackpot>> LoadAsync(IReadOnlyCollection<int> numbers, CancellationToken ct)
    {
        var loaded = await reader.ReadAsync(await ConnectionAsync(ct), numbers, ct);
        await DirectoryKnowsAsync(loaded.Where(jackpot => directory.ByNumber(jackpot.Number)?.Config.Version != jackpot.Terms.Version), ct);

        return loaded;
    }

    /// <summary>Finds which of the keys are stored, with what they were answered then.</summary>
    public async Task<Dictionary<Guid, StoredContribution>> FindStoredAsync(Guid[] keys, CancellationToken ct)
    {
        var stored = new Dictionary<Guid, StoredContribution>();
        foreach (var day in (await FindKeysAsync(keys, ct)).GroupBy(key => key.Day))
        {
            await AddAnswersAsync(day.Key, [.. day], stored, ct);
        }

        return stored;
    }

    /// <summary>
    /// Looks in the window that this process takes for the open one and in all that may have been opened since, and in closed ones where
    /// their filters do not say no.
    /// </summary>
    async Task<List<StoredKey>> FindKeysAsync(Guid[] keys, CancellationToken ct)
    {
        var view = windows.Current;
        var (suspects, suspectWindows) = (new List<Guid>(), new List<int>());
        foreach (var key in keys)
        {
            view.AddSuspects(key, suspects, suspectWindows);
        }

        await using var command = new NpgsqlCommand("""
            SELECT d.key16, d.body16, d.jackpot, d.sequence, b.day
            FROM jp_find_keys($1, $2, $3, $4) d
            JOIN LATERAL (SELECT day FROM batch WHERE jackpot = d.jackpot AND first_sequence <= d.sequence ORDER BY first_sequence DESC LIMIT 1) b ON true
            """, await ConnectionAsync(ct));
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = keys, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = view.Open });
        command.Parameters.Add(new NpgsqlParameter<List<Guid>> { TypedValue = suspects, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter<List<int>> { TypedValue = suspectWindows, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var found = new List<StoredKey>();
        while (await rows.ReadAsync(ct))
        {
            found.Add(new StoredKey(rows.GetGuid(0), rows.GetGuid(1), rows.GetInt32(2), rows.GetInt64(3), rows.GetFieldValue<DateOnly>(4)));
        }

        return found;
    }

    /// <summary>The day stands in the text, so that of all the days' partitions only this one is planned, locked and opened.</summary>
    async Task AddAnswersAsync(DateOnly day, List<StoredKey> keys, Dictionary<Guid, StoredContribution> stored, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            SELECT d.key16, d.body16, d.jackpot, d.sequence, c.contribution, c.amounts,
                   ARRAY(SELECT y.cycle FROM pool p JOIN cycle y ON y.pool = p.id
                         WHERE p.jackpot = d.jackpot AND y.opened_after_sequence < d.sequence
                           AND (y.dropped_at_sequence IS NULL OR y.dropped_at_sequence >= d.sequence)
                         ORDER BY p.tier),
                   ARRAY(SELECT p.tier || ' ' || a.award_id || ' ' || a.amount FROM award a JOIN pool p ON p.id = a.pool
                         WHERE a.jackpot = d.jackpot AND a.sequence = d.sequence AND a.called_by IS NULL ORDER BY p.tier)
            FROM unnest($1, $2, $3, $4) AS d (key16, body16, jackpot, sequence)
            JOIN contribution c ON c.day = DATE '{day:yyyy-MM-dd}' AND c.jackpot = d.jackpot AND c.sequence = d.sequence
            """, await ConnectionAsync(ct));
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys.Select(key => key.Key16)] });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys.Select(key => key.Body16)] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. keys.Select(key => key.Jackpot)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. keys.Select(key => key.Sequence)] });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            stored.Add(rows.GetGuid(0), new StoredContribution(rows.GetGuid(1), rows.GetInt32(2), FirstAnswer(rows)));
        }
    }

    /// <summary>Reads which dedupe window is open, after a commit was refused because it named another.</summary>
    public Task RefreshWindowsAsync(CancellationToken ct) => windows.RefreshAsync(ct);

    static RecordedContribution FirstAnswer(NpgsqlDataReader row)
    {
        var amounts = ContributionStatement.Unpack(row.GetFieldValue<byte[]>(5));
        var cycles = row.GetFieldValue<long[]>(6);
        return new RecordedContribution
        {
            Kind = RecordedKind.Duplicate,
            Sequence = row.GetInt64(3),
            ContributionMicros = row.GetInt64(4),
            Pools = [.. cycles.Zip(amounts, (cycle, amount) => new PoolAmount(cycle, amount))],
            Awards = [.. row.GetFieldValue<string[]>(7).Select(ParseAward)],
        };
    }

    static WonAward ParseAward(string text)
    {
        var parts = text.Split(' ');
        return new WonAward(Number<int>(parts[0]), parts[1], Number<long>(parts[2]));

        static T Number<T>(string digits) where T : IParsable<T> => T.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
    }

    public Task MakePartitionsAsync(CancellationToken ct) => PartitionKeeper.KeepAsync(database, clock, ct);

    public async Task CommitAsync(IReadOnlyList<JackpotPlan> plans, ReadOnlyMemory<AcceptedContribution> items, CancellationToken ct)
    {
        await _commit.ExecuteAsync(await ConnectionAsync(ct), plans, items, ct);
        await DirectoryKnowsAsync(plans.Where(plan => plan.ChangesTerms).Select(plan => plan.After), ct);
    }

    async Task DirectoryKnowsAsync(IEnumerable<LoadedJackpot> changed, CancellationToken ct)
    {
        if (changed.Select(jackpot => jackpot.Number).ToArray() is { Length: > 0 } numbers)
        {
            await directory.ReloadAsync(numbers, ct);
        }
    }

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
            _commit = new LaneCommit(shard, windows, clock);
            await connection.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await ResetAsync();
}

/// <summary>A contribution that is stored already: the hash of its body, its jackpot, and the answer it was given.</summary>
internal sealed record StoredContribution(Guid Body16, int Jackpot, RecordedContribution Answer);

/// <summary>Where a stored key's contribution is.</summary>
internal readonly record struct StoredKey(Guid Key16, Guid Body16, int Jackpot, long Sequence, DateOnly Day);
