using System.Collections.Immutable;
using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Simulation;

/// <summary>Counts what becomes of one tier while a simulation runs.</summary>
sealed class PoolTally(PoolId id)
{
    readonly List<SimulatedDrop> _drops = [];
    Int128 _awardedMicros;
    Int128 _seededMicros;
    Int128 _houseSeededMicros;
    long _houseSeeds;
    long _count;
    long _lastAtBet;

    /// <summary>Takes a drop and the opening that followed it.</summary>
    /// <param name="opened">The pool in its next cycle.</param>
    /// <param name="ledger">The movements of the opening.</param>
    /// <param name="atBet">How many bets have been played.</param>
    public void Count(PoolState opened, ImmutableArray<LedgerEntry> ledger, long atBet)
    {
        var house = -ledger.Where(entry => entry.Pool == id && entry.Account == Account.House).Sum(entry => entry.Micros);
        if (_count++ < PoolReport.DropsKeptMax)
        {
            _drops.Add(new SimulatedDrop(opened.LastAwardMicros, atBet - _lastAtBet));
        }

        _lastAtBet = atBet;
        _awardedMicros += opened.LastAwardMicros;
        _seededMicros += opened.SeedMicros;
        _houseSeededMicros += house;
        _houseSeeds += house > 0 ? 1 : 0;
    }

    public PoolReport Report(SimulationPlan plan, long stakedMicros, PoolState closing) => new(id, plan.Bets, stakedMicros, plan.Traffic.BetsPerHour)
    {
        DropCount = _count,
        Drops = [.. _drops],
        BetsToLastDrop = _lastAtBet,
        AmountMicros = closing.AmountMicros,
        AwardedMicros = _awardedMicros,
        SeededMicros = _seededMicros,
        HouseSeededMicros = _houseSeededMicros,
        HouseSeeds = _houseSeeds,
    };
}
