using Jackpot.Core.Limits;
using Jackpot.Ledger.Contributions;

namespace Jackpot.Shard.Quarantine;

/// <summary>A row of the quarantine: a whole contribution, why it was held back, and what was decided.</summary>
internal sealed record QuarantineEntry(long Id, string Status, LimitVerdict Reason, AcceptedContribution Contribution, string? DecidedBy, string? Why, DateTimeOffset? DecidedAt)
{
    public const string Held = "held";

    /// <summary>Released by staff; on its way into the ledger, by whichever process gets to it.</summary>
    public const string Releasing = "releasing";
    public const string Released = "released";
    public const string Refused = "refused";

    public static readonly string[] Statuses = [Held, Releasing, Released, Refused];
}

/// <summary>A row of the quarantine that cannot be read, and why.</summary>
internal sealed record UnreadableEntry(long Id, string Fault);
