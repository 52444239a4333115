using System.Collections.Immutable;
using Jackpot.Core.Ids;
using Jackpot.Core.Schedules;

namespace Jackpot.Core.Contributions;

/// <summary>A pool that a stake has dropped.</summary>
/// <param name="Pool">The tier.</param>
/// <param name="Cycle">The cycle that ended.</param>
/// <param name="Sequence">The contribution that dropped it.</param>
/// <param name="AwardMicros">What is paid: whole minor units, above zero.</param>
/// <param name="RemainderMicros">What is below a minor unit and stays in the pool for the next cycle (R05).</param>
/// <param name="Evidence">Why it dropped, in numbers that can be recomputed from the revealed secret.</param>
public sealed record Drop(
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

/// <summary>The first contribution came at or after the hidden instant of the window.</summary>
public sealed record HiddenInstantReached(long InstantUnixMs, Window Window) : DropEvidence;

/// <summary>The game's server said so.</summary>
public sealed record TriggeredByGame : DropEvidence;

/// <summary>Tickets were drawn, numbered from 1 in the order in which they were bought.</summary>
public sealed record TicketsDrawn(long TicketsSold, ImmutableArray<long> WinningTickets) : DropEvidence
{
    public bool Equals(TicketsDrawn? other) =>
        other is not null && TicketsSold == other.TicketsSold && WinningTickets.SequenceEqual(other.WinningTickets);

    public override int GetHashCode() => HashCode.Combine(TicketsSold, WinningTickets.Length);
}
