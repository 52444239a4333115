using System.Collections.Frozen;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Pools;
using Npgsql;

namespace Jackpot.Shard.Jackpots;

/// <summary>
/// Which jackpots this shard has and which tenants may feed them: a snapshot of the tables, taken again when an unknown name is
/// asked for (another replica may just have created it), at most once every <see cref="ReloadIntervalMin"/>.
/// </summary>
internal sealed class JackpotDirectory(NpgsqlDataSource database, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan ReloadIntervalMin = TimeSpan.FromMilliseconds(250);

    readonly SemaphoreSlim _reloading = new(1, 1);
    volatile Snapshot _snapshot = Snapshot.Empty;
    long _reloadedAt = long.MinValue;

    public IReadOnlyCollection<JackpotEntry> All => _snapshot.All;

    public JackpotEntry? ByNumber(int number) => _snapshot.ByNumber.GetValueOrDefault(number);

    public JackpotEntry? ByPool(string poolId) => _snapshot.ByPool.GetValueOrDefault(poolId);

    public JackpotEntry? ByJackpot(string jackpotId) => _snapshot.ByJackpot.GetValueOrDefault(jackpotId);

    /// <summary>Looks the tables up again unless that was done a moment ago.</summary>
    public async Task ReloadIfStaleAsync(CancellationToken ct)
    {
        await _reloading.WaitAsync(ct);
        try
        {
            if (_reloadedAt == long.MinValue || clock.GetElapsedTime(_reloadedAt) >= ReloadIntervalMin)
            {
                await LoadAsync(ct);
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
            await LoadAsync(ct);
        }
        finally
        {
            _reloading.Release();
        }
    }

    async Task LoadAsync(CancellationToken ct)
    {
        var entries = new List<JackpotEntry>();
        await using var command = database.CreateCommand("""
            SELECT j.id, t.definition, t.version, (SELECT array_agg(p.id ORDER BY p.tier) FROM pool p WHERE p.jackpot = j.id)
            FROM jackpot j JOIN jackpot_terms t ON t.jackpot = j.id AND t.version = j.config_version
            ORDER BY j.id
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var terms = JackpotTerms.Of(JackpotDefinition.Parse(reader.GetString(1)), reader.GetInt32(2));
            entries.Add(new JackpotEntry(reader.GetInt32(0), terms.Definition, terms.Config, reader.GetFieldValue<int[]>(3)));
        }

        _snapshot = Snapshot.Of(entries);
        _reloadedAt = clock.GetTimestamp();
    }

    public void Dispose() => _reloading.Dispose();

    sealed record Snapshot(
        IReadOnlyCollection<JackpotEntry> All,
        FrozenDictionary<int, JackpotEntry> ByNumber,
        FrozenDictionary<string, JackpotEntry> ByPool,
        FrozenDictionary<string, JackpotEntry> ByJackpot)
    {
        public static readonly Snapshot Empty = Of([]);

        public static Snapshot Of(List<JackpotEntry> entries) => new(
            entries,
            entries.ToFrozenDictionary(e => e.Number),
            entries.SelectMany(e => e.Config.Pools, (entry, pool) => (entry, pool))
                .ToFrozenDictionary(x => x.pool.Id.Value, x => x.entry, StringComparer.Ordinal),
            entries.ToFrozenDictionary(e => e.Config.Id.Value, StringComparer.Ordinal));
    }
}

/// <summary>
/// A jackpot of this shard: <paramref name="Number"/> and <paramref name="PoolNumbers"/> (tier order) are its keys in the tables. Terms can
/// be a moment old; what decides over money is read with its state.
/// </summary>
internal sealed record JackpotEntry(int Number, JackpotDefinition Definition, JackpotConfig Config, int[] PoolNumbers)
{
    public bool IsFedBy(string tenantId) => Definition.Tenants.Contains(tenantId);
}
