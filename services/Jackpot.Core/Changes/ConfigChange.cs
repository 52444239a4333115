using System.Collections.Immutable;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Changes;

/// <summary>Where a change of a configuration stands.</summary>
public enum ChangeStatus
{
    /// <summary>Being written; touches nothing.</summary>
    Draft,

    /// <summary>Waits for a second staff user.</summary>
    Proposed,

    /// <summary>Agreed; each part takes effect at its own moment.</summary>
    Approved,

    /// <summary>In force in every part.</summary>
    Effective,

    /// <summary>The second staff user said no.</summary>
    Rejected,

    /// <summary>Taken back by whoever made it.</summary>
    Withdrawn,
}

/// <summary>What can be done to a change.</summary>
public enum ChangeStep
{
    Propose,
    Approve,
    Reject,
    Withdraw,
    TakeEffect,
}

/// <summary>A change of a jackpot's terms from one whole configuration to another.</summary>
/// <param name="Before">In force when the change was written.</param>
/// <param name="After">As it shall be.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Why">The reason given.</param>
/// <param name="DecidedBy">Who approved or rejected it.</param>
public sealed record ConfigChange(JackpotConfig Before, JackpotConfig After, ChangeStatus Status, string Author, string Why, string? DecidedBy)
{
    /// <summary>Whether anything changes besides the configuration: who may take part, limits, links, operators.</summary>
    public bool ChangesMore { get; init; }

    public static ConfigChange Draft(JackpotConfig before, JackpotConfig after, string author, string why) =>
        new(before, after, ChangeStatus.Draft, author, why, null);
}

/// <summary>Why a step was refused, or that it was not. Checked in this order.</summary>
public enum ChangeAnswer
{
    Done,
    WrongStatus,
    StaffUserMissing,
    ReasonMissing,

    /// <summary>Approval needs other eyes than the author's (R20).</summary>
    SameStaffUser,

    /// <summary>Only the author withdraws; anybody else rejects.</summary>
    NotTheAuthor,
    NothingChanged,

    /// <summary>Currency, id or tiers cannot change; that is another jackpot, and money moves by transfer.</summary>
    NotChangeable,
    ConfigFaulty,
}

/// <summary>A step's answer, the change afterwards, and the faults when there are any.</summary>
public sealed record ChangeOutcome(ChangeAnswer Answer, ConfigChange Change, ImmutableArray<ConfigFault> Faults);
