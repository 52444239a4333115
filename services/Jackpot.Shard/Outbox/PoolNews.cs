using Jackpot.Contracts.Events;

namespace Jackpot.Shard.Outbox;

/// <summary>
/// What is to be told of pools' amounts. A pool is told of at once when it was quiet, and after that at most every <see cref="Pace"/>: who
/// listens wants the state and not its history, and a thousand busy pools would otherwise cost as much as their bets.
/// </summary>
internal sealed class PoolNews(TimeProvider clock)
{
    /// <summary>Shortest time between two updates of one pool.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>Pools whose last telling is remembered; beyond it those that may be told of again anyway are forgotten.</summary>
    const int ToldMax = 4_096;

    readonly Dictionary<string, PoolUpdated> _newest = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> _toldAt = new(StringComparer.Ordinal);

    /// <summary>Remembers this of its pool unless something newer is known.</summary>
    public void Note(PoolUpdated update)
    {
        if (!_newest.TryGetValue(update.PoolId, out var known) || known.Sequence <= update.Sequence)
        {
            _newest[update.PoolId] = update;
        }
    }

    /// <summary>What may be told now. It counts as told when <see cref="Told"/> says so.</summary>
    public List<PoolUpdated> Due() => [.. _newest.Values.Where(update => !_toldAt.TryGetValue(update.PoolId, out var at) || clock.GetElapsedTime(at) >= Pace)];

    public void Told(IReadOnlyCollection<PoolUpdated> updates)
    {
        var now = clock.GetTimestamp();
        foreach (var update in updates)
        {
            if (_newest.GetValueOrDefault(update.PoolId) == update)
            {
                _newest.Remove(update.PoolId);
            }

            _toldAt[update.PoolId] = now;
        }

        if (_toldAt.Count > ToldMax)
        {
            foreach (var (pool, at) in _toldAt)
            {
                if (clock.GetElapsedTime(at) >= Pace)
                {
                    _toldAt.Remove(pool);
                }
            }
        }
    }
}
