using Jackpot.Ledger.Contributions;

namespace Jackpot.Ledger.Dedupe;

/// <summary>
/// The idempotency keys and contribution ids that a batcher has seen lately: those it holds now exactly, those it has answered as a filter that may be wrong in one
/// direction. Knows nothing for certain: what it calls new is still checked by the commit, what it calls known is looked up.
/// </summary>
internal sealed class RecentKeys
{
    /// <summary>Answered keys and ids that are remembered at least; twice as many at most.</summary>
    public const int RecentMin = 1 << 17;

    readonly HashSet<Guid> _held = [];
    KeyFilter _recent = KeyFilter.For(RecentMin);
    KeyFilter _before = KeyFilter.For(RecentMin);
    int _count;

    public bool IsHeld(in AcceptedContribution contribution) => _held.Contains(contribution.Key16) || (HasOwnId(contribution) && _held.Contains(contribution.Id16));

    public bool IsKnown(in AcceptedContribution contribution) => IsKnown(contribution.Key16) || (HasOwnId(contribution) && IsKnown(contribution.Id16));

    public void Hold(in AcceptedContribution contribution)
    {
        _held.Add(contribution.Key16);
        if (HasOwnId(contribution))
        {
            _held.Add(contribution.Id16);
        }
    }

    /// <summary>The batcher has answered the contribution.</summary>
    public void Release(in AcceptedContribution contribution)
    {
        Release(contribution.Key16);
        if (HasOwnId(contribution))
        {
            Release(contribution.Id16);
        }
    }

    static bool HasOwnId(in AcceptedContribution contribution) => contribution.Id16 != contribution.Key16 && contribution.Id16 != Guid.Empty;

    bool IsKnown(Guid hash)
    {
        if (_held.Contains(hash))
        {
            return true;
        }

        var probe = new KeyFilter.Probe(hash);
        return _recent.MightContain(probe) || _before.MightContain(probe);
    }

    void Release(Guid hash)
    {
        _held.Remove(hash);
        _recent.Add(hash);
        if (++_count == RecentMin)
        {
            (_recent, _before) = (_before, _recent);
            _recent.Clear();
            _count = 0;
        }
    }
}
