using System.ComponentModel.DataAnnotations.Schema;
using Jackpot.Contracts.Views;
using Jackpot.Core.Payouts;
using Jackpot.Ledger.Texts;
using Microsoft.EntityFrameworkCore;

namespace Jackpot.Shard.Payouts.Held;

/// <summary>What one person ordered for a held payout, and what another decided.</summary>
[Table("payout_order")]
internal sealed record PayoutOrder(
    string PayoutId, string Action, string? Evidence, string? ToTenant, string? ToPlayer, string? Beneficiary, string Status, string Author, string Why)
{
    public const string Proposed = "proposed";
    public const string Done = "done";
    public const string Rejected = "rejected";
    public const string Withdrawn = "withdrawn";

    public long Id { get; init; }

    public string? DecidedBy { get; init; }

    public string? Decision { get; init; }

    [DatabaseGenerated(DatabaseGeneratedOption.Identity)]
    public DateTimeOffset CreatedAt { get; init; }

    [DatabaseGenerated(DatabaseGeneratedOption.Identity)]
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>As the rules see it.</summary>
    public HeldOrder ToRules() => new(WireNames.Parse<HeldAction>(Action), Evidence, ToPlayer, Beneficiary);

    public PayoutOrderView ToView() => new(
        Id, PayoutId, Action, Status, Author, Why, Evidence, ToTenant is null ? null : new PayoutAccount(ToTenant, ToPlayer!), Beneficiary, DecidedBy, Decision,
        CreatedAt, ChangedAt);
}

/// <summary>What a person wrote down about a payout.</summary>
[Table("payout_note")]
internal sealed record PayoutNote(string PayoutId, string Author, string Text)
{
    public long Id { get; init; }

    [DatabaseGenerated(DatabaseGeneratedOption.Identity)]
    public DateTimeOffset At { get; init; }
}

/// <summary>A state that a payout came to; the database writes it.</summary>
[Table("payout_step")]
[PrimaryKey(nameof(PayoutId), nameof(Number))]
internal sealed record PayoutStep(
    string PayoutId, [property: DatabaseGenerated(DatabaseGeneratedOption.Identity)] long Number, DateTimeOffset At, string State, string? Cause, string? Reason);
