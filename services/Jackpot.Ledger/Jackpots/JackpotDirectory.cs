using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Links;
using Jackpot.Core.Pools;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Ledger.Jackpots;

/// <summary>
/// Which jackpots this shard has and which tenants may feed them: a copy of the tables, taken again when an unknown name is asked for
/// (another replica may just have created it), at most once every <see cref="ReloadIntervalMin"/>. Entries are replaced, never removed:
/// no jackpot ever leaves the tables.
/// </summary>
internal sealed class JackpotDirectory(NpgsqlDataSource database, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan ReloadIntervalMin = TimeSpan.FromMilliseconds(250);

    readonly SemaphoreSlim _reloading = new(1, 1);
    readonly ConcurrentDictionary<int, JackpotEntry> _byNumber = new();
    readonly ConcurrentDictionary<string, JackpotEntry> _byPool = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, JackpotEntry> _byJackpot = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<int, string> _unreadable = new();
    readonly Lock _sourcesLock = new();
    volatile SourceMap? _sources;
    long _reloadedAt = long.MinValue;

    /// <summary>
    /// Jackpots whose terms in force could not be read, and why, by number. Such a jackpot stays as it was known before, or unknown; the others
    /// are there all the same. Terms that the writer of a batch cannot read stop that jackpot's bets and no others.
    /// </summary>
    public IReadOnlyDictionary<int, string> Unreadable => _unreadable;

    /// <summary>In order of creation.</summary>
    public IReadOnlyCollection<JackpotEntry> All => [.. _byNumber.Values.OrderBy(entry => entry.Number)];

    public JackpotEntry? ByNumber(int number) => _byNumber.TryGetValue(number, out var entry) ? entry : null;

    public JackpotEntry? ByPool(string poolId) => _byPool.TryGetValue(poolId, out var entry) ? entry : null;

    public JackpotEntry? ByJackpot(string jackpotId) => _byJackpot.TryGetValue(jackpotId, out var entry) ? entry : null;

    /// <summary>Which jackpots the operators' sources feed. Made anew after a jackpot with sources has changed.</summary>
    public SourceMap Sources => _sources ?? MapSources();

    /// <summary>Looks the tables up again unless that was done a moment ago.</summary>
    public async Task ReloadIfStaleAsync(CancellationToken ct)
    {
        await _reloading.WaitAsync(ct);
        try
        {
            if (_reloadedAt == long.MinValue || clock.GetElapsedTime(_reloadedAt) >= ReloadIntervalMin)
            {
                await LoadAllAsync(ct);
            }
        }
        finally
        {
            _reloading.Release();
        }
    }

    /// <summary>Looks the tables up again now.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        await _reloading.WaitAsync(ct);
        try
        {
            await LoadAllAsync(ct);
        }
        finally
        {
            _reloading.Release();
        }
    }

    /// <summary>Looks these jackpots up again now: a shard that has ten thousand must not read them all because one has changed.</summary>
    public async Task ReloadAsync(IReadOnlyCollection<int> numbers, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Query("WHERE j.id = ANY ($1)"));
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. numbers], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        await LoadAsync(command, ct);
    }

    /// <summary>Looks one jackpot up now, for example because it was created a moment ago.</summary>
    public async Task ReloadAsync(string jackpotId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Query("WHERE j.jackpot_id = $1"));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = jackpotId });
        await LoadAsync(command, ct);
    }

    async Task LoadAllAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(Query(""));
        await LoadAsync(command, ct);
        _reloadedAt = clock.GetTimestamp();
    }

    async Task LoadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            KeepOrNote(reader);
        }
    }

    void KeepOrNote(NpgsqlDataReader row)
    {
        var number = row.GetInt32(0);
        try
        {
            var terms = JackpotTerms.Of(JackpotDefinition.Parse(row.GetString(1)), row.GetInt32(2));
            Keep(new JackpotEntry(number, terms.Definition, terms.Config, row.GetFieldValue<int[]>(3)));
            _unreadable.TryRemove(number, out _);
        }
#pragma warning disable CA1031 // Whatever is wrong with the terms of one jackpot must not hide the others, or keep the shard from starting.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _unreadable[number] = fault.Message;
        }
    }

    static string Query(string where) => $"""
        SELECT j.id, t.definition, t.version, (SELECT array_agg(p.id ORDER BY p.tier) FROM pool p WHERE p.jackpot = j.id)
        FROM jackpot j JOIN jackpot_terms t ON t.jackpot = j.id AND t.version = j.config_version
        {where}
        ORDER BY j.id
        """;

    /// <summary>Keeps the newest terms: two loads may overtake each other.</summary>
    void Keep(JackpotEntry entry)
    {
        var before = ByNumber(entry.Number);
        var kept = _byNumber.AddOrUpdate(entry.Number, entry, (_, known) => known.Config.Version > entry.Config.Version ? known : entry);
        foreach (var pool in kept.Config.Pools)
        {
            _byPool[pool.Id.Value] = kept;
        }

        _byJackpot[kept.Config.Id.Value] = kept;
        if (entry.Definition.Sources is { Count: > 0 } || before?.Definition.Sources is { Count: > 0 })
        {
            lock (_sourcesLock)
            {
                _sources = null;
            }
        }
    }

    // Under the lock, so that a map of older entries cannot outlive the news of a newer one.
    SourceMap MapSources()
    {
        lock (_sourcesLock)
        {
            return _sources = new SourceMap(All
                .SelectMany(entry => entry.Definition.Sources ?? [], (entry, source) => (Source: source.ToSource(), entry.Config.Id))
                .GroupBy(pair => pair.Source, pair => pair.Id)
                .ToFrozenDictionary(group => group.Key, group => group.Distinct().ToImmutableArray()));
        }
    }

    public void Dispose() => _reloading.Dispose();
}

/// <summary>
/// A jackpot of this shard: <paramref name="Number"/> and <paramref name="PoolNumbers"/> (tier order) are its keys in the tables. Terms can
/// be a moment old; what decides over money is read with its state.
/// </summary>
internal sealed record JackpotEntry(int Number, JackpotDefinition Definition, JackpotConfig Config, int[] PoolNumbers)
{
    // Read when first asked for, so that terms that cannot be read stop the bets on this jackpot and nothing else.
    readonly Lazy<ParticipationTerms> _terms = new(() => new ParticipationTerms(Definition));

    /// <summary>Who and what takes part.</summary>
    public ParticipationTerms Terms => _terms.Value;

    public bool IsFedBy(string tenantId) => Definition.Tenants.Contains(tenantId);

    /// <summary>Whether this tenant's games may drop its external pools.</summary>
    public bool MayBeTriggeredBy(string tenantId) => Terms.Callers.Contains(tenantId);
}
