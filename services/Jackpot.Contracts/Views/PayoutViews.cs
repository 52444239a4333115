using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Amounts;

namespace Jackpot.Contracts.Views;

/// <summary>A payout, for staff of its shard.</summary>
/// <param name="State">sharing, requested, crediting, held, credited, paid_outside, forfeited or rolled_back.</param>
/// <param name="Cause">Of a held one: check_failed, large_award, wallet_refused, wallet_in_doubt, wallet_forgot, bet_voided or unreadable.</param>
/// <param name="Reason">The check's or the wallet's own word.</param>
/// <param name="InDoubt">A credit was sent whose outcome nobody knows: the money may go nowhere else before that is known.</param>
/// <param name="Attempts">Credits that were sent.</param>
/// <param name="AgeSeconds">Since it came to this state.</param>
/// <param name="Account">Where it is paid to after a re-route; left out when it goes to the winner's own account.</param>
public sealed record StaffPayoutView(
    string PayoutId,
    string AwardId,
    string JackpotId,
    string PoolId,
    string TenantId,
    string PlayerId,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Amount,
    string State,
    string? Cause,
    string? Reason,
    bool InDoubt,
    int Attempts,
    DateTimeOffset ChangedAt,
    long AgeSeconds,
    string? ClaimedBy,
    PayoutAccount? Account);

/// <summary>A player's account at an operator of the region.</summary>
public sealed record PayoutAccount([property: JsonRequired] string TenantId, [property: JsonRequired] string PlayerId);

/// <summary>Payouts, the one that waits longest first.</summary>
/// <param name="After">Give it as <c>after</c> to see what follows; left out at the end.</param>
public sealed record StaffPayoutList(IReadOnlyList<StaffPayoutView> Payouts, string? After);

/// <summary>A payout with all that happened to it.</summary>
public sealed record PayoutStoryView(
    StaffPayoutView Payout, IReadOnlyList<PayoutStepView> Steps, IReadOnlyList<PayoutOrderView> Orders, IReadOnlyList<PayoutNoteView> Notes);

/// <summary>A state that the payout came to.</summary>
public sealed record PayoutStepView(DateTimeOffset At, string State, string? Cause, string? Reason);

/// <summary>Something that a person wrote down.</summary>
public sealed record PayoutNoteView(DateTimeOffset At, string Author, string Text);

/// <summary>A note of 1 to 1,000 characters. No personal data, and no evidence: say where it lies.</summary>
public sealed record PayoutNoteBody(string? Text);

/// <summary>What another person is asked to decide.</summary>
/// <param name="Action">resume, reroute, not_paid, paid_outside, forfeit or roll_back.</param>
/// <param name="Why">The reason; the audit log keeps it.</param>
/// <param name="Evidence">Where the proof lies. Needed unless the payout is resumed or rolled back.</param>
/// <param name="Account">Of a re-route.</param>
/// <param name="Beneficiary">Who gets a forfeited amount.</param>
public sealed record PayoutOrderBody([property: JsonRequired] string Action, string? Why, string? Evidence, PayoutAccount? Account, string? Beneficiary);

/// <summary>An order for a held payout.</summary>
/// <param name="Status">proposed, done, rejected or withdrawn.</param>
public sealed record PayoutOrderView(
    long OrderId,
    string PayoutId,
    string Action,
    string Status,
    string Author,
    string Why,
    string? Evidence,
    PayoutAccount? Account,
    string? Beneficiary,
    string? DecidedBy,
    string? Decision,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt);

/// <summary>A payout as the operator who pays it should have it.</summary>
/// <param name="TransactionId">What the operator's wallet knows it by.</param>
/// <param name="Amount">What the player is paid, in the player's own currency.</param>
/// <param name="State">credited, or what it is in place of that.</param>
/// <param name="SentAt">When its first credit to this account was about to be sent.</param>
/// <param name="ChangedAt">When it came to its state.</param>
public sealed record WalletCreditView(
    string PayoutId,
    string TransactionId,
    string PlayerId,
    [property: JsonConverter(typeof(MoneyJsonConverter))] Money Amount,
    string State,
    DateTimeOffset SentAt,
    DateTimeOffset ChangedAt);

/// <param name="After">Give it as <c>after</c> to see what follows; left out at the end.</param>
public sealed record WalletCreditList(IReadOnlyList<WalletCreditView> Credits, string? After);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StaffPayoutList))]
[JsonSerializable(typeof(PayoutStoryView))]
[JsonSerializable(typeof(PayoutNoteBody))]
[JsonSerializable(typeof(PayoutOrderBody))]
[JsonSerializable(typeof(PayoutOrderView))]
[JsonSerializable(typeof(WalletCreditList))]
public sealed partial class PayoutJson : JsonSerializerContext;
