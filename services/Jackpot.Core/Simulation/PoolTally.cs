using System.Collections.Immutable;
using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Simulation;

/// <summary>Counts what becomes of one tier while a simulation runs.</summary>
sealed class PoolTally(PoolId id)
{
    readonly List<long> _awards = [];
    long _seededMicros;
    long _houseSeededMicros;
    long _houseSeeds;

    /// <summary>Takes a drop and the opening that followed it.</summary>
    public void Count(PoolState opened, ImmutableArray<LedgerEntry> ledger)
    {
        var house = -ledger.Where(entry => entry.Pool == id && entry.Account == Account.House).Sum(entry => entry.Micros);
        _awards.Add(opened.LastAwardMicros);
        _seededMicros += opened.SeedMicros;
        _houseSeededMicros += house;
        _houseSeeds += house > 0 ? 1 : 0;
    }

    public PoolReport Report(SimulationPlan plan, long stakedMicros) =>
        new(id, [.. _awards.Order()], stakedMicros, _seededMicros, _houseSeededMicros, _houseSeeds, plan.Traffic.BetsPerHour, plan.Bets);
}
