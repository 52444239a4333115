using Jackpot.Ledger.Commit;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Epochs;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Jackpot.Ledger.Voids;
using Npgsql;

namespace Jackpot.Ledger.Batching;

/// <summary>
/// A batcher's way to PostgreSQL: one connection of its own for its commits, opened when needed and thrown away after any fault, and any other
/// for the little that it reads. Everything here blocks: it runs on a <see cref="WorkerThread"/>.
/// </summary>
internal sealed class BatchStore(
    BatchDatabase own, NpgsqlDataSource database, JackpotDirectory directory, JackpotReader reader, DedupeWindows windows, ShardEpochs epochs,
    string shard, TimeProvider clock) : IDisposable
{
    readonly StoredContributions _stored = new(own, windows);
    readonly VoidLedger _voids = new(database, reader, windows, shard, clock);

    // Two, so that the next batch can be filled in while this one is being committed.
    BatchCommit _commit = new(shard, windows, clock);
    BatchCommit _other = new(shard, windows, clock);
    NpgsqlConnection? _connection;

    /// <summary>Reads the jackpots as they are now, secrets unsealed. Numbers without rows are left out.</summary>
    public List<LoadedJackpot> Load(IReadOnlyCollection<int> numbers, CancellationToken ct) => LoadAsync(numbers, ct).GetAwaiter().GetResult();

    async Task<List<LoadedJackpot>> LoadAsync(IReadOnlyCollection<int> numbers, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var loaded = await reader.ReadAsync(connection, numbers, ct);
        await DirectoryKnowsAsync(loaded.Where(jackpot => directory.ByNumber(jackpot.Number)?.Config.Version != jackpot.Terms.Version), ct);

        return loaded;
    }

    /// <summary>What is stored under the keys and contribution ids; <see cref="Flush"/> or a commit must follow before it is acknowledged.</summary>
    public StoredAnswers FindStored(IReadOnlyCollection<StoredName> names, CancellationToken ct) => _stored.FindAsync(names, flush: false, ct).GetAwaiter().GetResult();

    /// <summary>Takes contributions of a jackpot back, in a transaction of its own.</summary>
    public VoidStepOutcome RecordVoids(int jackpot, AcceptedContribution[] voids, CancellationToken ct) => _voids.RecordAsync(jackpot, voids, ct).GetAwaiter().GetResult();

    /// <summary>The bets as they are to be recorded, with what the voids that came before them leave.</summary>
    public Dictionary<int, AcceptedContribution> ReduceByWaiting(ReadOnlyMemory<AcceptedContribution> items, List<int> bets, CancellationToken ct)
    {
        var targets = new HashSet<Guid>();
        foreach (var bet in bets)
        {
            targets.Add(items.Span[bet].Key16);
            targets.Add(items.Span[bet].Id16);
        }

        var waiting = VoidClaims.WaitingForAsync(database, targets, ct).GetAwaiter().GetResult().ToLookup(one => one.Target16);
        return bets.ToDictionary(bet => bet, bet => EarlyVoids.Reduce(items.Span[bet], waiting));
    }

    /// <inheritdoc cref="StoredContributions.FlushAsync"/>
    public void Flush(CancellationToken ct) => _stored.FlushAsync(ct).GetAwaiter().GetResult();

    /// <summary>Reads which dedupe window is open, after a commit was refused because it named another.</summary>
    public void RefreshWindows(CancellationToken ct) => windows.RefreshAsync(ct).GetAwaiter().GetResult();

    /// <summary>Enters the epoch that the database is in, after a commit was refused because its own is over.</summary>
    public void EnterEpoch(CancellationToken ct) => epochs.EnterAsync(ct).GetAwaiter().GetResult();

    public void MakePartitions(CancellationToken ct) => PartitionKeeper.KeepAsync(database, clock, ct).GetAwaiter().GetResult();

    /// <summary>Fills in a commit of these plans. The one that was filled in before may still be under way, but none before that.</summary>
    public BatchCommit Fill(IReadOnlyList<JackpotPlan> plans, ReadOnlySpan<AcceptedContribution> items)
    {
        (_commit, _other) = (_other, _commit);
        _commit.Fill(plans, items);
        return _commit;
    }

    public void Commit(BatchCommit commit) => commit.Execute(_connection ??= own.Open());

    /// <summary>Makes what a commit changed known where endpoints look.</summary>
    public void Tell(IEnumerable<JackpotPlan> committed, CancellationToken ct) =>
        DirectoryKnowsAsync(committed.Where(plan => plan.ChangesTerms).Select(plan => plan.After), ct).GetAwaiter().GetResult();

    async Task DirectoryKnowsAsync(IEnumerable<LoadedJackpot> changed, CancellationToken ct)
    {
        if (changed.Select(jackpot => jackpot.Number).ToArray() is { Length: > 0 } numbers)
        {
            await directory.ReloadAsync(numbers, ct);
        }
    }

    /// <summary>Gives the connection up after a fault: what it was doing when it failed is not known.</summary>
    public void Reset()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            // A command remembers the prepared statement of the connection it last ran on, and would ask the next one for it.
            (_commit, _other) = (new BatchCommit(shard, windows, clock), new BatchCommit(shard, windows, clock));
            connection.Dispose();
        }
    }

    public void Dispose() => Reset();
}
