using Jackpot.LocalDapr.Actors;

namespace Jackpot.LocalDapr.Faults;

/// <summary>The faults that are switched on. With none, asking costs one comparison.</summary>
sealed class FaultSwitches(Placement placement)
{
    const int RulesMax = 100;

    readonly Lock _lock = new();
    volatile Entry[] _entries = [];
    int _lastId;

    /// <summary>Told when a rule came or went.</summary>
    public event Action? Changed;

    public FaultRule[] All
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries.Select(entry => entry.Rule with { })];
            }
        }
    }

    /// <exception cref="InvalidOperationException">There are too many rules.</exception>
    public FaultRule Add(FaultRule rule)
    {
        lock (_lock)
        {
            if (_entries.Length >= RulesMax)
            {
                throw new InvalidOperationException($"there are {RulesMax} rules already; delete some");
            }
            rule.Id = ++_lastId;
            rule.Struck = 0;
            _entries = [.. _entries, new Entry(rule)];
        }
        Settle();
        return rule;
    }

    public bool Remove(int id)
    {
        lock (_lock)
        {
            var left = _entries.Where(entry => entry.Rule.Id != id).ToArray();
            if (left.Length == _entries.Length)
            {
                return false;
            }
            _entries = left;
        }
        Settle();
        return true;
    }

    public void Clear()
    {
        lock (_lock)
        {
            _entries = [];
        }
        Settle();
    }

    /// <summary>Whether a fault strikes at this occasion; its rule then, else null.</summary>
    public FaultRule? Strike(FaultKind kind, string appId, string subject)
    {
        var entries = _entries;
        if (entries.Length == 0)
        {
            return null;
        }
        lock (_lock)
        {
            return entries.FirstOrDefault(entry => entry.Strikes(kind, appId, subject))?.Rule;
        }
    }

    public bool IsCut(string appId)
    {
        var entries = _entries;
        return entries.Length > 0 && entries.Any(entry => entry.Rule.Kind == FaultKind.CutApp && (entry.Rule.AppId ?? appId) == appId);
    }

    /// <summary>The newest rule of a kind that holds for an app; 0 when none does.</summary>
    public int Newest(FaultKind kind, string appId) =>
        _entries.Select(entry => entry.Rule).Where(rule => rule.Kind == kind && (rule.AppId ?? appId) == appId).Select(rule => rule.Id).DefaultIfEmpty().Max();

    void Settle()
    {
        if (_entries.Any(entry => entry.Rule.Kind == FaultKind.PausePlacement))
        {
            placement.Pause();
        }
        else
        {
            placement.Resume();
        }
        Changed?.Invoke();
    }

    sealed class Entry(FaultRule rule)
    {
        readonly Random _random = new(rule.Seed);

        public FaultRule Rule => rule;

        public bool Strikes(FaultKind kind, string appId, string subject)
        {
            if (rule.Kind != kind || (rule.AppId ?? appId) != appId || (rule.Subject ?? subject) != subject || rule.Struck >= rule.TimesMax
                || _random.NextDouble() >= rule.Probability)
            {
                return false;
            }
            rule.Struck++;
            return true;
        }
    }
}
