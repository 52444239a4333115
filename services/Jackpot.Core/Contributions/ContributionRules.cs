using Jackpot.Core.Pools;

namespace Jackpot.Core.Contributions;

/// <summary>What a stake gives to a jackpot, before any ceiling.</summary>
public static class ContributionRules
{
    /// <summary>The contribution of a stake: all rates together, rounded down once.</summary>
    public static long ContributionMicros(JackpotConfig config, long stakeMicros) => config.TotalRate.FloorOf(stakeMicros);

    /// <summary>What is left when each pool's parts are rounded down for themselves; the first pool's reserve takes it.</summary>
    public static long RoundingMicros(JackpotConfig config, long stakeMicros)
    {
        var rounding = ContributionMicros(config, stakeMicros);
        foreach (var pool in config.Pools)
        {
            rounding -= pool.ContributionRate.FloorOf(stakeMicros) + pool.ReserveRate.FloorOf(stakeMicros);
        }

        return rounding;
    }
}
