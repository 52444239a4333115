using System.Collections.Concurrent;

namespace Jackpot.Wallet.Faults;

/// <summary>What shall happen to the next credits, in the order in which it was asked for. Held in memory: a restart forgets it.</summary>
sealed class FaultPlan
{
    internal const int FaultsMax = 100_000;

    readonly ConcurrentQueue<Fault> _next = new();

    internal int Waiting => _next.Count;

    internal void Add(Fault fault, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _next.Enqueue(fault);
        }
    }

    internal Fault? TakeNext() => _next.TryDequeue(out var fault) ? fault : null;

    internal void Clear() => _next.Clear();
}
