using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Contributions;

/// <summary>All tiers of a jackpot while a batch is decided.</summary>
sealed class JackpotAccumulator
{
    readonly JackpotConfig _config;
    readonly PartsPerMillion _totalRate;
    readonly int _tiersPerBetMax;

    public JackpotAccumulator(JackpotConfig config, JackpotState state, ReadOnlySpan<CycleSecret> secrets, in BatchMoment moment)
    {
        _config = config;
        _totalRate = config.TotalRate;
        _tiersPerBetMax = config.TiersPerBetMax;
        Pools = new PoolAccumulator[config.Pools.Length];
        for (var tier = 0; tier < Pools.Length; tier++)
        {
            var (terms, pool) = (config.Pools[tier], state.Pools[tier]);
            Pools[tier] = new PoolAccumulator(terms, pool, TriggerEvaluator.For(terms, pool, secrets[tier], moment));
        }
    }

    public PoolAccumulator[] Pools { get; }

    /// <summary>Tiers that fired and were not paid, because the bet had won as many as it may.</summary>
    public ImmutableArray<PoolId> Withheld { get; private set; } = [];

    /// <summary>Shares a stake out to every pool. What rounding leaves over goes to the first pool's reserve, so that no micro-unit is lost (R04).</summary>
    public ContributionSplit Add(Stake stake)
    {
        var (stakeMicros, mayWin, byHouse) = (stake.StakeMicros, _config.MayWin(stake.Funding), _config.PaidByHouse.Contains(stake.Funding));
        long toPools = 0, toReserve = 0, toOverflow = 0;
        foreach (var pool in Pools)
        {
            var part = pool.Add(stakeMicros);
            pool.SellTickets(mayWin ? stakeMicros : 0);
            pool.NotePaidByHouse(byHouse ? part : default);
            toPools += part.ToPoolsMicros;
            toReserve += part.ToReserveMicros;
            toOverflow += part.ToOverflowMicros;
        }

        var contribution = _totalRate.FloorOf(stakeMicros);
        var rounding = contribution - toPools - toReserve - toOverflow;
        if (rounding < 0 || rounding >= 2 * Pools.Length)
        {
            throw new InvalidOperationException($"Sharing out {contribution} micro-units left {rounding} over; rounding down cannot do that.");
        }

        Pools[0].AddToReserve(rounding);
        Pools[0].NotePaidByHouse(byHouse ? new ContributionSplit(0, rounding, 0) : default);
        return new ContributionSplit(toPools, toReserve + rounding, toOverflow);
    }

    /// <summary>What each tier shows now.</summary>
    public void CopyAmountsTo(Span<long> amounts)
    {
        for (var tier = 0; tier < Pools.Length; tier++)
        {
            amounts[tier] = Pools[tier].AmountMicros;
        }
    }

    /// <summary>Asks every tier. One stake may drop several: each tier has its own draw.</summary>
    public bool AnyDrops(long stakeMicros, long sequence)
    {
        var fired = 0;
        foreach (var pool in Pools)
        {
            fired += pool.Drops(stakeMicros, sequence) ? 1 : 0;
        }

        if (fired > _tiersPerBetMax)
        {
            KeepHighest();
        }

        return fired > 0;
    }

    // The highest amounts are paid, whatever tier they stand in; of equal ones the higher tier (R41).
    void KeepHighest()
    {
        var beaten = Pools.Reverse().Where(pool => pool.Evidence is not null).OrderByDescending(pool => pool.AmountMicros).Skip(_tiersPerBetMax).ToList();
        beaten.ForEach(pool => pool.Withhold());
        Withheld = [.. beaten.Select(pool => pool.Opening.Id)];
    }
}
