using Jackpot.Core.Chain;

namespace Jackpot.Core.Audit;

/// <summary>One significant event: who did what on whose authority, why, and what it was before and after (R22, R23).</summary>
/// <param name="Number">Gapless from 1; the unique alteration id of GLI-19 B.3.2.</param>
/// <param name="AtUnixMs">When.</param>
/// <param name="Component">The part of the system that was touched, for example <c>jackpot euro-spins</c>.</param>
/// <param name="Action">What was done.</param>
/// <param name="StaffUser">Who made it.</param>
/// <param name="AuthorisedBy">Who authorised it; empty when the action needs nobody else.</param>
/// <param name="Why">The reason that was given.</param>
/// <param name="Before">The value before; empty when there was none.</param>
/// <param name="After">The value afterwards; empty when there is none.</param>
public sealed record AuditEntry(
    long Number, long AtUnixMs, string Component, string Action, string StaffUser, string AuthorisedBy, string Why, string Before, string After);

/// <summary>An entry as it stands in the log.</summary>
public sealed record ChainedAuditEntry(AuditEntry Entry, Hash32 Previous, Hash32 Hash);
