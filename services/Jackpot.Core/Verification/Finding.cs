namespace Jackpot.Core.Verification;

/// <summary>One place where an export contradicts itself or the rules.</summary>
/// <param name="Kind">What does not agree.</param>
/// <param name="Sequence">The contribution it was found at, if it concerns one.</param>
/// <param name="Message">What was claimed and what was computed.</param>
public sealed record Finding(FindingKind Kind, long? Sequence, string Message);

/// <summary>What can be wrong with an export or a replay.</summary>
public enum FindingKind
{
    IdsDisagree,
    ConfigInvalid,
    ConfigMissing,
    NoBatches,
    AmountOutOfRange,
    CommitmentMismatch,
    OpeningMismatch,
    CountMismatch,
    SequenceGap,
    RootMismatch,
    ChainBroken,
    HeadMismatch,
    ContributionMismatch,
    EarlierDrop,
    NoDrop,
    AwardIdMismatch,
    AwardSequenceMismatch,
    AwardAmountMismatch,
    TicketsMismatch,
    ClosingMismatch,

    /// <summary>A void takes back something else than its bet gave, or more.</summary>
    VoidMismatch,
    BatchCutShort,

    /// <summary>What is stored beside the rows is not what the rules make of them.</summary>
    StoredMismatch,
}
