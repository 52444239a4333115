using Jackpot.Core.Maths;

namespace Jackpot.Core.Lifecycle;

/// <summary>Compares the chance of winning per unit of stake.</summary>
static class Odds
{
    /// <summary>Above zero when the target's chance is better, zero when it is the same, below when it is worse; null when it cannot be told.</summary>
    /// <remarks>The chance is one over the average turnover between drops. Pools whose traffic decides it compare only to their exact like.</remarks>
    public static int? Compare(TransferEnd source, TransferEnd target) =>
        (PoolMaths.AverageTurnoverMicros(source.Terms), PoolMaths.AverageTurnoverMicros(target.Terms)) switch
        {
            ({ } ofSource, { } ofTarget) => ofSource.CompareTo(ofTarget),
            _ when source.Terms.Trigger == target.Terms.Trigger => 0,
            _ => null,
        };
}
