using System.Collections.Immutable;

namespace Jackpot.Core.Network;

/// <summary>What home makes of a delta. The state afterwards is committed together with what it asks for, or not at all.</summary>
public abstract record HomeOutcome(HomeState After)
{
    /// <summary>These entries are new: the jackpot's rules take them in this order, in the same commit.</summary>
    public sealed record Counted(HomeState After, ImmutableArray<NetworkEntry> Entries) : HomeOutcome(After);

    /// <summary>All of it was counted before; the feeder is told again how far home has come.</summary>
    public sealed record Repeated(HomeState After) : HomeOutcome(After);

    /// <summary>Entries before it have not come; ask for them.</summary>
    public sealed record Missing(HomeState After, RangeRequest Request) : HomeOutcome(After);

    /// <summary>
    /// The shard was restored to an earlier point than home has counted. What home has after that point is voided, in the same commit, for the
    /// operators send those bets again and they come under new names. Then the delta is to be received once more.
    /// </summary>
    /// <param name="After">The state afterwards.</param>
    /// <param name="Until">The last entries that still count; null when none does.</param>
    /// <param name="TakenBack">What the entries behind that point must sum to.</param>
    public sealed record CutBack(HomeState After, EntryMark? Until, EntryTotals TakenBack) : HomeOutcome(After);

    /// <summary>The feeder is out of line: nothing of it counts, nor what follows, until people have looked.</summary>
    public sealed record Suspended(HomeState After, SuspensionReason Reason) : HomeOutcome(After);

    /// <summary>Nothing changes; the message is kept and counted.</summary>
    public sealed record Refused(HomeState After, DeltaRefusal Reason) : HomeOutcome(After);
}

/// <summary>Why home does not look into a delta, in the order in which it asks.</summary>
public enum DeltaRefusal
{
    Malformed,
    OtherJackpot,

    /// <summary>This home was replaced, or the feeder knows a newer one.</summary>
    HomeMoved,

    /// <summary>The shard was never agreed as a feeder.</summary>
    UnknownFeeder,
    FeederSuspended,

    /// <summary>Nothing is counted while the jackpot is paused; the entries count when it is resumed.</summary>
    JackpotPaused,

    /// <summary>Home does not know the version of the terms.</summary>
    UnknownTerms,

    /// <summary>New entries of an epoch that a later one has ended: an old process still lives somewhere.</summary>
    EpochOver,
}
