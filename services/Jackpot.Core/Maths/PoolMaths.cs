using Jackpot.Core.Amounts;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Maths;

/// <summary>Closed forms for the triggers that have them; the others depend on the traffic and are simulated.</summary>
/// <remarks>They take a single bet's contribution for nothing against the pool; by so much an amount may be off.</remarks>
public static class PoolMaths
{
    /// <summary>
    /// The long-run figures, or null when the terms alone do not decide them: timed, external and raffle pools, and those whose seed follows the last
    /// award or is boosted.
    /// </summary>
    public static PoolFigures? Figures(PoolConfig config) => config switch
    {
        { SeedShareOfAward.Value: > 0 } or { SeedBoostMicros: > 0 } => null,
        { Trigger: RandomTrigger random } => Of(config, AverageAwardMicros(config, random), random.TurnoverPerDropMicros),
        { Trigger: MustDropByAmount mustDrop } => Of(config, AverageThreshold(mustDrop), AverageTurnover(config, mustDrop)),
        _ => null,
    };

    /// <summary>What one drop of the pool takes on average, or null when the traffic decides it. A ceiling changes amounts, never odds; larger seeds than agreed are not counted.</summary>
    public static Ratio? AverageTurnoverMicros(PoolConfig config) => config.Trigger switch
    {
        RandomTrigger random => random.TurnoverPerDropMicros,
        MustDropByAmount mustDrop => AverageTurnover(config, mustDrop),
        _ => null,
    };

    /// <summary>
    /// From which amount on a bet on this pool is worth more than it costs, or null when there is no such amount: what the pool pays per stake
    /// then exceeds what the base game keeps. Advantage players wait for it.
    /// </summary>
    /// <param name="config">The pool; random and must-drop-by-amount ones have a closed form.</param>
    /// <param name="baseReturn">What the game itself returns.</param>
    public static Ratio? PlayerAdvantageMicros(PoolConfig config, PartsPerMillion baseReturn)
    {
        var kept = new Ratio(PartsPerMillion.Whole - baseReturn.Value, PartsPerMillion.Whole);
        return config.Trigger switch
        {
            RandomTrigger random => Within(kept * random.TurnoverPerDropMicros, config.CeilingMicros),
            MustDropByAmount { Weights.IsEmpty: true } mustDrop => Greater(mustDrop.MinMicros, mustDrop.MaxMicros * kept / (Share(config.ContributionRate) + kept)),
            MustDropByAmount mustDrop => AdvantageAmongSegments(mustDrop, Share(config.ContributionRate), kept),
            _ => null,
        };
    }

    // Per cycle: the seed is paid once, and the stakes bring their share; together they are the award.
    static PoolFigures Of(PoolConfig config, Ratio award, Ratio turnover) => new(award, turnover, award / turnover, config.SeedMicros / turnover);

    // The turnover of a cycle is exponentially distributed, so a ceiling cuts off the part that lies above it, e^-(room / growth) of all growth.
    static Ratio AverageAwardMicros(PoolConfig config, RandomTrigger random)
    {
        var growth = Share(config.ContributionRate) * random.TurnoverPerDropMicros;
        if (config.CeilingMicros is not { } ceiling || growth.Numerator == 0)
        {
            return config.SeedMicros + growth;
        }

        var belowCeiling = growth.FloorOf(1) * (1 - Decay.OfMinus((ceiling - config.SeedMicros) / growth));
        return config.SeedMicros + belowCeiling.FloorOf(1);
    }

    static Ratio AverageTurnover(PoolConfig config, MustDropByAmount mustDrop) => (AverageThreshold(mustDrop) - config.SeedMicros) / Share(config.ContributionRate);

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

    // In a segment of weight w that ends at E with w' x length still to come above it, the chance per unit of growth is w / (w (E - x) + w' x length);
    // times rate x amount it exceeds what the game keeps from x = kept (w E + w' x length) / (w (rate + kept)) on.
    static Ratio? AdvantageAmongSegments(MustDropByAmount mustDrop, Ratio rate, Ratio kept)
    {
        var weights = mustDrop.Weights;
        var length = new Ratio(mustDrop.MaxMicros - mustDrop.MinMicros, weights.Length);
        for (var segment = 0; segment < weights.Length; segment++)
        {
            var (start, end) = (mustDrop.MinMicros + length * segment, mustDrop.MinMicros + length * (segment + 1));
            long above = weights.Skip(segment + 1).Sum();
            if (weights[segment] > 0 && kept * (end + length * new Ratio(above, weights[segment])) / (rate + kept) is var point && point < end)
            {
                return Greater(start, point);
            }
        }

        return null;
    }

    static Ratio Share(PartsPerMillion rate) => new(rate.Value, PartsPerMillion.Whole);

    static Ratio? Within(Ratio amount, long? ceilingMicros) => ceilingMicros is { } ceiling && amount > ceiling ? null : amount;

    static Ratio Greater(Ratio left, Ratio right) => left > right ? left : right;
}
