using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Maths;

/// <summary>Whether a pool's reserve pays for its seeds in the long run: reset x P(drop) must not exceed the reseed funding (R09).</summary>
public static class Affordability
{
    /// <summary>One fault for every pool that promises to fund its own seeds and cannot, with the rate that it would need.</summary>
    public static ImmutableArray<ConfigFault> Check(JackpotConfig config) =>
        [.. config.Pools.Where(pool => pool.SeedFunding == SeedFunding.SelfFunded).Select(Fault).OfType<ConfigFault>()];

    /// <summary>The reserve rate that pays for the average seed, in parts per million, or null when only the traffic decides it.</summary>
    public static long? NeededReservePpm(PoolConfig pool)
    {
        if (PoolMaths.AverageTurnoverMicros(pool) is not { } turnover)
        {
            return null;
        }

        var agreed = (pool.SeedMicros / turnover).CeilingOf(PartsPerMillion.Whole);
        return Math.Max(agreed, NeededForShare(pool));
    }

    // A seed of share f needs h >= f x (r + h), that is h >= f x r / (1 - f); the whole award can never be funded again.
    static long NeededForShare(PoolConfig pool)
    {
        var (share, rest) = (pool.SeedShareOfAward.Value, PartsPerMillion.Whole - pool.SeedShareOfAward.Value);
        return rest == 0 ? long.MaxValue : new Ratio((Int128)share * pool.ContributionRate.Value, rest).CeilingOf(1);
    }

    static ConfigFault? Fault(PoolConfig pool) => NeededReservePpm(pool) switch
    {
        null => new ConfigFault(ConfigFaultKind.SeedsNotCalculable, pool.Id, "How often this pool drops depends on the traffic, so its seeds must be house-funded."),
        { } needed when needed > pool.ReserveRate.Value => new ConfigFault(ConfigFaultKind.SeedsNotAffordable, pool.Id,
            $"The reserve rate is {pool.ReserveRate}; seeds cost at least {needed} ppm of the stakes."),
        _ => null,
    };
}
