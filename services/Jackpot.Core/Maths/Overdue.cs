using Jackpot.Core.Pools;

namespace Jackpot.Core.Maths;

/// <summary>Whether a pool should have dropped by now, so that a fault is likelier than chance.</summary>
public static class Overdue
{
    /// <summary>One in so many cycles that are in order is taken for overdue.</summary>
    public const int OneIn = 10_000;

    /// <summary>The natural logarithm of <see cref="OneIn"/> in parts per million, rounded up.</summary>
    const long LogarithmPpm = 9_210_341;

    /// <summary>
    /// Whether no drop so far is rarer than one in <see cref="OneIn"/> under the odds in force. Only pools whose odds the terms alone decide can
    /// be; of the others it is never said.
    /// </summary>
    /// <remarks>
    /// A random pool misses with 1 - stake / turnover at each stake, which is at most e^-(stake / turnover): from 9.21 turnovers on, all misses together
    /// are below one in 10,000, however the stakes were cut. A must-drop by amount is past all but that part of its hidden amounts.
    /// </remarks>
    /// <param name="terms">In force.</param>
    /// <param name="pool">Its running cycle.</param>
    /// <param name="stakedMicros">All stakes of the cycle, those that were taken back later included: their draws were made.</param>
    public static bool IsBeyond(PoolConfig terms, PoolState pool, Int128 stakedMicros) => terms.Trigger switch
    {
        RandomTrigger random => stakedMicros * 1_000_000 >= (Int128)random.TurnoverPerDropMicros * LogarithmPpm,
        MustDropByAmount mustDrop => LeftAbove(mustDrop, pool) * OneIn <= LeftAbove(mustDrop, pool.ThresholdAboveMicros),
        _ => false,
    };

    static Int128 LeftAbove(MustDropByAmount mustDrop, PoolState pool) => LeftAbove(mustDrop, pool.AmountMicros);

    /// <summary>The weight of the hidden amounts above this one, in weights times micro-units times segments.</summary>
    static Int128 LeftAbove(MustDropByAmount mustDrop, long amountMicros)
    {
        var weights = mustDrop.Weights.IsEmpty ? [1] : mustDrop.Weights;
        Int128 length = mustDrop.MaxMicros - mustDrop.MinMicros;
        Int128 left = 0;
        for (var segment = 0; segment < weights.Length; segment++)
        {
            var (start, end) = (mustDrop.MinMicros * (Int128)weights.Length + length * segment, mustDrop.MinMicros * (Int128)weights.Length + length * (segment + 1));
            var above = end - Int128.Max(start, amountMicros * (Int128)weights.Length);
            left += weights[segment] * Int128.Max(above, 0);
        }

        return left;
    }

    /// <summary>
    /// The stakes of a cycle from what they gave to the pool, its overflow and its reserve: rounding down has lost less than two micro-units of each
    /// stake, so this is never more than what was staked but for the first pool, whose reserve has what rounding left over. Zero for a pool that takes nothing.
    /// </summary>
    public static Int128 StakedMicros(PoolConfig terms, Int128 contributedMicros)
    {
        var rate = terms.ContributionRate.Value + terms.ReserveRate.Value;
        return rate == 0 ? 0 : contributedMicros * Amounts.PartsPerMillion.Whole / rate;
    }
}
