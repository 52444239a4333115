using Jackpot.Shard.Storage.Dedupe;

namespace Jackpot.Shard.Contributions;

/// <summary>
/// The idempotency keys that a lane has seen lately: those it holds now exactly, those it has answered as a filter that may be wrong in one
/// direction. Knows nothing for certain: what it calls new is still checked by the commit, what it calls known is looked up.
/// </summary>
internal sealed class LaneKeys
{
    /// <summary>Answered keys that are remembered at least; twice as many at most.</summary>
    public const int RecentMin = 1 << 17;

    readonly HashSet<Guid> _held = [];
    KeyFilter _recent = KeyFilter.For(RecentMin);
    KeyFilter _before = KeyFilter.For(RecentMin);
    int _count;

    public bool IsHeld(Guid key) => _held.Contains(key);

    public bool IsKnown(Guid key)
    {
        if (_held.Contains(key))
        {
            return true;
        }

        var probe = new KeyFilter.Probe(key);
        return _recent.MightContain(probe) || _before.MightContain(probe);
    }

    public void Hold(Guid key) => _held.Add(key);

    /// <summary>The lane has answered the key.</summary>
    public void Release(Guid key)
    {
        _held.Remove(key);
        _recent.Add(key);
        if (++_count == RecentMin)
        {
            (_recent, _before) = (_before, _recent);
            _recent.Clear();
            _count = 0;
        }
    }
}
