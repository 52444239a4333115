using System.Collections.Concurrent;

namespace Jackpot.LocalDapr.Actors;

/// <summary>
/// Which app instance owns which actor: rendezvous hashing over the instances that host the type. A change of membership is a round;
/// meanwhile lookups of the changed types wait until the old owners have let go.
/// </summary>
sealed class Placement
{
    readonly ConcurrentDictionary<(string Namespace, string Type), Ring> _rings = new();
    readonly SemaphoreSlim _round = new(1);
    TaskCompletionSource? _pause;

    /// <summary>As Dapr's metadata name it.</summary>
    public string Status => _pause is null ? "placement: connected" : "placement: disconnected";

    /// <summary>Told after every round, so that what waits for a host can go on.</summary>
    public event Action? Changed;

    /// <summary>The owner, or null when nobody hosts the type.</summary>
    public ValueTask<ActorHost?> OwnerAsync(string appNamespace, ActorKey key, CancellationToken cancellation)
    {
        if (_pause is null && (!_rings.TryGetValue((appNamespace, key.Type), out var ring) || ring.Settled.IsCompleted))
        {
            return ValueTask.FromResult(ring is null ? null : Choose(ring.Hosts, key));
        }
        return new ValueTask<ActorHost?>(OwnerSettledAsync(appNamespace, key, cancellation));
    }

    public bool IsHosted(string appNamespace, string type) => _rings.TryGetValue((appNamespace, type), out var ring) && ring.Hosts.Length > 0;

    /// <summary>Every instance that hosts the type; for the fault switch that runs an actor in two places.</summary>
    public IReadOnlyList<ActorHost> HostsOf(string appNamespace, string type) => _rings.TryGetValue((appNamespace, type), out var ring) ? ring.Hosts : [];

    /// <summary>Makes these, and only these, the types of an instance: one round.</summary>
    public async Task SetTypesAsync(ActorHost host, IReadOnlyCollection<string> types, CancellationToken cancellation)
    {
        await _round.WaitAsync(cancellation);
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var affected = Install(host, types, settled.Task);
            await Task.WhenAll(affected.SelectMany(ring => ring.Before).Distinct().Select(old => old.MoveAwayAsync(key => IsOwner(old, key), cancellation)));
        }
        finally
        {
            settled.SetResult();
            _round.Release();
        }
        Changed?.Invoke();
    }

    /// <summary>
    /// As when every sidecar loses its connection to placement: all actors are deactivated, as in a round that gives them to nobody, and lookups
    /// wait until <see cref="Resume"/>.
    /// </summary>
    public void Pause()
    {
        if (Interlocked.CompareExchange(ref _pause, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null) is null)
        {
            foreach (var host in _rings.Values.SelectMany(ring => ring.Hosts).Distinct())
            {
                // Nobody waits for the apps: a turn that is running may take its whole drain time.
                _ = host.MoveAwayAsync(_ => false, CancellationToken.None);
            }
        }
    }

    public void Resume() => Interlocked.Exchange(ref _pause, null)?.SetResult();

    async Task<ActorHost?> OwnerSettledAsync(string appNamespace, ActorKey key, CancellationToken cancellation)
    {
        if (_pause is { } pause)
        {
            await pause.Task.WaitAsync(cancellation);
        }
        if (!_rings.TryGetValue((appNamespace, key.Type), out var ring))
        {
            return null;
        }
        await ring.Settled.WaitAsync(cancellation);
        return Choose(ring.Hosts, key);
    }

    List<(Ring Ring, ActorHost[] Before)> Install(ActorHost host, IReadOnlyCollection<string> types, Task settled)
    {
        var affected = new List<(Ring, ActorHost[])>();
        foreach (var type in types)
        {
            _rings.TryAdd((host.Namespace, type), new Ring());
        }
        foreach (var ((ringNamespace, type), ring) in _rings)
        {
            if (ringNamespace != host.Namespace || ring.Hosts.Contains(host) == types.Contains(type))
            {
                continue;
            }
            affected.Add((ring, ring.Hosts));
            ring.Settled = settled;
            ring.Hosts = types.Contains(type) ? [.. ring.Hosts, host] : [.. ring.Hosts.Where(other => other != host)];
        }
        return affected;
    }

    bool IsOwner(ActorHost host, ActorKey key) =>
        _rings.TryGetValue((host.Namespace, key.Type), out var ring) && Choose(ring.Hosts, key) == host;

    static ActorHost? Choose(ActorHost[] hosts, ActorKey key)
    {
        if (hosts.Length <= 1)
        {
            return hosts.Length == 0 ? null : hosts[0];
        }
        var best = hosts[0];
        var bestScore = Score(best, key);
        for (var i = 1; i < hosts.Length; i++)
        {
            var score = Score(hosts[i], key);
            if (score > bestScore)
            {
                (best, bestScore) = (hosts[i], score);
            }
        }
        return best;
    }

    static ulong Score(ActorHost host, ActorKey key) => Rendezvous.Score(host.InstanceId, key.Type, key.Id);

    sealed class Ring
    {
        public volatile ActorHost[] Hosts = [];
        public volatile Task Settled = Task.CompletedTask;
    }
}
