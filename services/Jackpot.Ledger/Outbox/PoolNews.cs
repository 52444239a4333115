using Jackpot.Contracts.Events;

namespace Jackpot.Ledger.Outbox;

/// <summary>
/// What is to be published of pools' amounts. A pool is published at once when it was quiet, and after that at most every <see cref="Pace"/>; of many
/// busy pools those that have waited longest are published, <see cref="AtOnceMax"/> at once. Who listens wants the state and not its history, and
/// a thousand busy pools would otherwise cost as much as their bets.
/// </summary>
internal sealed class PoolNews(TimeProvider clock)
{
    /// <summary>Shortest time between two updates of one pool.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Most pools that one pass of the relay publishes: with some 25 passes a second, about a thousand updates a second. Beyond 250 busy pools
    /// each is published less often: a thousand about once a second.
    /// </summary>
    public const int AtOnceMax = 40;

    /// <summary>Pools whose last publishing is remembered; beyond it those that may be published again anyway are forgotten.</summary>
    const int PublishedMax = 4_096;

    readonly Dictionary<string, Pending> _newest = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> _publishedAt = new(StringComparer.Ordinal);

    /// <summary>Remembers this of its pool unless something newer is known.</summary>
    public void Note(PoolUpdated update)
    {
        var isKnown = _newest.TryGetValue(update.PoolId, out var known);
        if (!isKnown || IsOlder(known.Newest, update))
        {
            _newest[update.PoolId] = new Pending(update, isKnown ? known.Since : clock.GetTimestamp());
        }
    }

    /// <summary>An external drop moves the cycle and leaves the sequence. What is the same may be published again with a newer time.</summary>
    static bool IsOlder(PoolUpdated known, PoolUpdated update) => (known.Sequence, known.Cycle).CompareTo((update.Sequence, update.Cycle)) <= 0;

    /// <summary>What may be published now, longest waiting first. It counts as published when <see cref="Published"/> says so.</summary>
    public List<PoolUpdated> Due(int atMost = AtOnceMax) =>
        [.. _newest.Values.Where(IsDue).OrderBy(pending => pending.Since).Take(atMost).Select(pending => pending.Newest)];

    bool IsDue(Pending pending) => !_publishedAt.TryGetValue(pending.Newest.PoolId, out var at) || clock.GetElapsedTime(at) >= Pace;

    public void Published(IReadOnlyCollection<PoolUpdated> updates)
    {
        var now = clock.GetTimestamp();
        foreach (var update in updates)
        {
            if (_newest.GetValueOrDefault(update.PoolId).Newest == update)
            {
                _newest.Remove(update.PoolId);
            }

            _publishedAt[update.PoolId] = now;
        }

        if (_publishedAt.Count > PublishedMax)
        {
            foreach (var (pool, at) in _publishedAt)
            {
                if (clock.GetElapsedTime(at) >= Pace)
                {
                    _publishedAt.Remove(pool);
                }
            }
        }
    }

    /// <param name="Newest">What is to be published.</param>
    /// <param name="Since">When the first thing that is still unpublished of the pool came.</param>
    readonly record struct Pending(PoolUpdated Newest, long Since);
}
