using Jackpot.Core.Ids;

namespace Jackpot.Core.Limits;

/// <summary>Where a quarantined contribution stands.</summary>
public enum QuarantineStatus
{
    Held,

    /// <summary>Staff released it: it is recorded as any other, at the sequence it then gets.</summary>
    Released,

    /// <summary>Staff refused it: it never touches a pool.</summary>
    Refused,
}

/// <summary>A contribution over a limit, with who decided over it and why.</summary>
public sealed record QuarantinedContribution(
    ContributionId Id, TenantId Tenant, long StakeMicros, LimitVerdict Reason, QuarantineStatus Status, string? DecidedBy, string? Why);

/// <summary>What became of a decision over a quarantined contribution.</summary>
public enum QuarantineAnswer
{
    Done,
    AlreadyDecided,
    StaffUserMissing,
    ReasonMissing,
}

/// <summary>A decision's answer and the entry as it stands afterwards.</summary>
public sealed record QuarantineOutcome(QuarantineAnswer Answer, QuarantinedContribution Entry);

/// <summary>Decides once, by a named staff user, with a reason.</summary>
public static class QuarantineRules
{
    public static QuarantinedContribution Hold(ContributionId id, TenantId tenant, long stakeMicros, LimitVerdict reason) => reason != LimitVerdict.Within
        ? new QuarantinedContribution(id, tenant, stakeMicros, reason, QuarantineStatus.Held, null, null)
        : throw new ArgumentException("A stake within the limits is recorded, not held.", nameof(reason));

    public static QuarantineOutcome Release(QuarantinedContribution entry, string staffUser, string why) => Decide(entry, QuarantineStatus.Released, staffUser, why);

    public static QuarantineOutcome Refuse(QuarantinedContribution entry, string staffUser, string why) => Decide(entry, QuarantineStatus.Refused, staffUser, why);

    static QuarantineOutcome Decide(QuarantinedContribution entry, QuarantineStatus status, string staffUser, string why) => entry switch
    {
        { Status: not QuarantineStatus.Held } => new QuarantineOutcome(QuarantineAnswer.AlreadyDecided, entry),
        _ when !StaffId.IsValid(staffUser) => new QuarantineOutcome(QuarantineAnswer.StaffUserMissing, entry),
        _ when string.IsNullOrWhiteSpace(why) => new QuarantineOutcome(QuarantineAnswer.ReasonMissing, entry),
        _ => new QuarantineOutcome(QuarantineAnswer.Done, entry with { Status = status, DecidedBy = staffUser, Why = why }),
    };
}
