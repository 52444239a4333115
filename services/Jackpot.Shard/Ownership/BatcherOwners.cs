using System.Collections.Concurrent;

namespace Jackpot.Shard.Ownership;

/// <summary>
/// Knows the owner of each batcher. Placement decides who that is, once: the owner asks nobody while its commits pass the fence, so that
/// a sidecar or a placement service that is away stops no bet. What is remembered here may be old; the fence, or the owner's own answer, says so.
/// </summary>
internal sealed partial class BatcherOwners(OwnerStore store, IPlacement placement, Replica self, ILogger<BatcherOwners> log)
{
    /// <summary>Longest that a batch waits for placement to name an owner before this replica takes the batcher itself.</summary>
    public static readonly TimeSpan PlacementWaitMax = TimeSpan.FromMilliseconds(700);

    readonly ConcurrentDictionary<string, BatcherOwner> _known = new(StringComparer.Ordinal);

    /// <summary>Whether this replica commits the batcher's jackpots, as far as it knows.</summary>
    public bool IsHere(string batcher) => _known.TryGetValue(batcher, out var owner) && owner.Replica == self.Id;

    /// <summary>Whether a sender that shows this token means this replica in its present epoch.</summary>
    public bool IsMeant(string batcher, Guid token) => _known.TryGetValue(batcher, out var owner) && owner.Replica == self.Id && owner.Token == token;

    /// <summary>The batchers that this replica owns, as far as it knows.</summary>
    public IEnumerable<BatcherOwner> OwnedHere() => _known.Values.Where(owner => owner.Replica == self.Id);

    /// <summary>The owner: as remembered, as stored, or whom placement names now.</summary>
    public async ValueTask<BatcherOwner> OfAsync(string batcher, CancellationToken ct)
    {
        if (_known.TryGetValue(batcher, out var known))
        {
            return known;
        }

        return await store.FindAsync(batcher, ct) is { } stored ? Remember(stored) : await AfterAsync(batcher, 0, ct);
    }

    /// <summary>What is remembered is doubtful, for a commit lost against another writer: the next question reads the row.</summary>
    public void Doubt(string batcher) => _known.TryRemove(batcher, out _);

    /// <summary>
    /// The owner in place of one that did not take a batch. Placement is asked first; when it names nobody in time, the owner's process has
    /// ended or hangs and this replica takes the batcher.
    /// </summary>
    public Task<BatcherOwner> InsteadOfAsync(BatcherOwner failed, CancellationToken ct)
    {
        Doubt(failed.Batcher);
        return AfterAsync(failed.Batcher, failed.Epoch, ct);
    }

    async Task<BatcherOwner> AfterAsync(string batcher, long epoch, CancellationToken ct)
    {
        if (await store.FindAsync(batcher, ct) is { } moved && moved.Epoch > epoch)
        {
            return Remember(moved);
        }

        if (await placement.AskAsync(batcher, PlacementWaitMax, ct) && await store.FindAsync(batcher, ct) is { } named)
        {
            return Remember(named);
        }

        var taken = Remember(await store.TakeAsync(batcher, self, epoch, ct));
        LogTaken(log, batcher, taken.Epoch, taken.Address);
        return taken;
    }

    /// <summary>Placement has put the batcher's actor into this process: it owns the batcher from now on, if it did not already.</summary>
    public async Task ClaimAsync(string batcher, CancellationToken ct)
    {
        var stored = await store.FindAsync(batcher, ct);
        Remember(stored?.Replica == self.Id ? stored : await store.TakeAsync(batcher, self, stored?.Epoch ?? 0, ct));
    }

    /// <summary>
    /// Lets placement move what this replica owns, for instance to one that was added. Nothing waits for it, and nothing changes when
    /// placement does not answer.
    /// </summary>
    public async Task FollowPlacementAsync(TimeSpan wait, CancellationToken ct)
    {
        foreach (var owned in OwnedHere())
        {
            if (await placement.AskAsync(owned.Batcher, wait, ct) && await store.FindAsync(owned.Batcher, ct) is { } now && now.Epoch > owned.Epoch)
            {
                Remember(now);
            }
        }
    }

    /// <summary>Keeps the higher epoch, whoever looked first.</summary>
    BatcherOwner Remember(BatcherOwner owner) => _known.AddOrUpdate(owner.Batcher, owner, (_, known) => known.Epoch > owner.Epoch ? known : owner);

    [LoggerMessage(EventId = 110, Level = LogLevel.Warning, Message = "Placement named no owner of batcher {Batcher} in time; in epoch {Epoch} it is {Address}")]
    static partial void LogTaken(ILogger logger, string batcher, long epoch, Uri address);
}

/// <summary>Whoever decides in which replica a batcher's actor lives. It never throws but for a cancelled token.</summary>
internal interface IPlacement
{
    /// <summary>Has the batcher's actor, wherever it lives, claim the batcher for its replica. False when it did not answer in time.</summary>
    Task<bool> AskAsync(string batcher, TimeSpan wait, CancellationToken ct);
}
