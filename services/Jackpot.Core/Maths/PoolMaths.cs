using Jackpot.Core.Amounts;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Maths;

/// <summary>Closed forms for the triggers that have them; the others depend on the traffic and are simulated.</summary>
public static class PoolMaths
{
    /// <summary>The long-run figures, or null when the terms alone do not decide them: timed, called and raffle pools, and random ones with a ceiling.</summary>
    public static PoolFigures? Figures(PoolConfig config) => config.Trigger switch
    {
        RandomTrigger random when config.CeilingMicros is null => Of(config, random.TurnoverPerDropMicros),
        MustDropByAmount mustDrop => Of(config, (AverageThreshold(mustDrop) - config.SeedMicros) / Share(config.ContributionRate)),
        _ => null,
    };

    /// <summary>What one drop of the pool takes on average, or null when the traffic decides it. A ceiling changes amounts, never odds.</summary>
    public static Ratio? AverageTurnoverMicros(PoolConfig config) => config.Trigger is RandomTrigger random
        ? random.TurnoverPerDropMicros
        : Figures(config)?.AverageTurnoverMicros;

    /// <summary>
    /// From which amount on a bet on this pool is worth more than it costs, or null when there is no such amount: what the pool pays per stake
    /// then exceeds what the base game keeps. Advantage players wait for it.
    /// </summary>
    /// <param name="config">The pool; of the must-drops only the uniform ones have a closed form.</param>
    /// <param name="baseReturn">What the game itself returns.</param>
    public static Ratio? PlayerAdvantageMicros(PoolConfig config, PartsPerMillion baseReturn)
    {
        var kept = new Ratio(PartsPerMillion.Whole - baseReturn.Value, PartsPerMillion.Whole);
        return config.Trigger switch
        {
            RandomTrigger random => Within(kept * random.TurnoverPerDropMicros, config.CeilingMicros),
            MustDropByAmount { Weights.IsEmpty: true } mustDrop => Greater(mustDrop.MinMicros, mustDrop.MaxMicros * kept / (Share(config.ContributionRate) + kept)),
            _ => null,
        };
    }

    // Per cycle: the seed is paid once, and the stakes bring their share; together they are the award.
    static PoolFigures Of(PoolConfig config, Ratio turnover)
    {
        var award = config.SeedMicros + Share(config.ContributionRate) * turnover;
        return new PoolFigures(award, turnover, award / turnover, config.SeedMicros / turnover);
    }

    static Ratio AverageThreshold(MustDropByAmount mustDrop)
    {
        var (min, length) = ((Ratio)mustDrop.MinMicros, mustDrop.MaxMicros - mustDrop.MinMicros);
        if (mustDrop.Weights.IsEmpty)
        {
            return min + new Ratio(length, 2);
        }

        // Segment i of n lies on average (2i + 1) / 2n up the range.
        Int128 weighted = mustDrop.Weights.Select((weight, i) => (2L * i + 1) * weight).Sum();
        return min + length * new Ratio(weighted, 2L * mustDrop.Weights.Length * mustDrop.Weights.Sum(weight => (long)weight));
    }

    static Ratio Share(PartsPerMillion rate) => new(rate.Value, PartsPerMillion.Whole);

    static Ratio? Within(Ratio amount, long? ceilingMicros) => ceilingMicros is { } ceiling && amount > ceiling ? null : amount;

    static Ratio Greater(Ratio left, Ratio right) => left > right ? left : right;
}
