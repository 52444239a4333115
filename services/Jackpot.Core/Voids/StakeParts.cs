using Jackpot.Core.Contributions;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Voids;

/// <summary>What a stake gives to one pool, whether to the increment or above the ceiling, and to its reserve.</summary>
readonly record struct StakeParts(long IncrementMicros, long ReserveMicros)
{
    public long TotalMicros => IncrementMicros + ReserveMicros;

    /// <summary>As <see cref="JackpotRules.Record"/> shares it out: the first pool's reserve has what rounding left over.</summary>
    public static StakeParts Of(JackpotConfig terms, int tier, long stakeMicros)
    {
        var pool = terms.Pools[tier];
        var rounding = tier == 0 ? ContributionRules.RoundingMicros(terms, stakeMicros) : 0;
        return new StakeParts(pool.ContributionRate.FloorOf(stakeMicros), pool.ReserveRate.FloorOf(stakeMicros) + rounding);
    }

    /// <summary>
    /// The share of a void that takes <paramref name="voided"/> of the stake after <paramref name="before"/> was voided already. What was voided up to any
    /// point is rounded down, so that no share is negative and the shares of the whole stake are the whole.
    /// </summary>
    public StakeParts Share(long stakeMicros, long before, long voided) =>
        new(ShareOf(IncrementMicros, stakeMicros, before, voided), ShareOf(ReserveMicros, stakeMicros, before, voided));

    /// <summary>The same of one amount.</summary>
    public static long ShareOf(long micros, long whole, long before, long voided) =>
        whole == 0 ? 0 : UpTo(micros, whole, before + voided) - UpTo(micros, whole, before);

    static long UpTo(long micros, long whole, long part) => (long)((Int128)micros * part / whole);
}
