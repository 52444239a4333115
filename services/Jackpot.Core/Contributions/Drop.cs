using Jackpot.Core.Ids;

namespace Jackpot.Core.Contributions;

/// <summary>A pool that a stake has dropped.</summary>
/// <param name="Award">The award's name; it follows from pool and cycle.</param>
/// <param name="Pool">The tier.</param>
/// <param name="Cycle">The cycle that ended.</param>
/// <param name="Sequence">The contribution that dropped it.</param>
/// <param name="AwardMicros">What is paid: whole minor units, above zero.</param>
/// <param name="RemainderMicros">What is below a minor unit and stays in the pool for the next cycle (R05).</param>
/// <param name="Evidence">Why it dropped, in numbers that can be recomputed from the revealed secret.</param>
public sealed record Drop(
    AwardId Award,
    PoolId Pool,
    long Cycle,
    long Sequence,
    long AwardMicros,
    long RemainderMicros,
    DropEvidence Evidence);

/// <summary>Why a pool dropped. To be published with the secret, not before.</summary>
public abstract record DropEvidence
{
    private protected DropEvidence()
    {
    }
}

/// <summary>The draw lay below the chance that stake and odds gave.</summary>
public sealed record DrawBelowThreshold(ulong Draw, UInt128 Threshold) : DropEvidence;

/// <summary>The pool reached its hidden amount.</summary>
public sealed record HiddenAmountReached(long ThresholdMicros) : DropEvidence;
