using Jackpot.Shard.Contributions;
using Jackpot.Shard.Jackpots.Commit;
using Jackpot.Shard.Storage;
using Jackpot.Shard.Storage.Dedupe;
using Npgsql;

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

    /// <inheritdoc cref="StoredContributions.FindAsync(NpgsqlConnection, DedupeWindows.View, Guid[], CancellationToken)"/>
    public async Task<Dictionary<Guid, StoredContribution>> FindStoredAsync(Guid[] keys, CancellationToken ct) =>
        await StoredContributions.FindAsync(await ConnectionAsync(ct), windows.Current, keys, ct);

    /// <summary>Reads which dedupe window is open, after a commit was refused because it named another.</summary>
    public Task RefreshWindowsAsync(CancellationToken ct) => windows.RefreshAsync(ct);

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

    /// <inheritdoc cref="StoredContributions.FlushAsync"/>
    public async Task FlushAsync(CancellationToken ct) => await StoredContributions.FlushAsync(await ConnectionAsync(ct), ct);

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
