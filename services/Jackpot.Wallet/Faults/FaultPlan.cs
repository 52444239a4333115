using System.Collections.Concurrent;

namespace Jackpot.Wallet.Faults;

/// <summary>What shall happen to the next credits and queries, in the order in which it was asked for. Held in memory: a restart forgets it.</summary>
sealed class FaultPlan
{
    internal const int FaultsMax = 100_000;

    readonly ConcurrentQueue<Fault> _credits = new();
    readonly ConcurrentQueue<Fault> _queries = new();

    internal int Waiting => _credits.Count + _queries.Count;

    internal void Add(FaultyCalls calls, Fault fault, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Of(calls).Enqueue(fault);
        }
    }

    internal Fault? TakeNext(FaultyCalls calls) => Of(calls).TryDequeue(out var fault) ? fault : null;

    internal void Clear()
    {
        _credits.Clear();
        _queries.Clear();
    }

    ConcurrentQueue<Fault> Of(FaultyCalls calls) => calls == FaultyCalls.Credits ? _credits : _queries;
}
