using Jackpot.Core.Voids;

namespace Jackpot.Ledger.Contributions;

/// <summary>
/// What makes an <see cref="AcceptedContribution"/> a void: its key, body, tenant and jackpot are the void's, its contribution id names the bet's.
/// </summary>
/// <param name="Sequence">The contribution that is taken back.</param>
/// <param name="BetMicros">So much of its bet; null for all that is left.</param>
/// <param name="Currency">Of that amount; empty for none.</param>
/// <param name="Road">Where the money comes from.</param>
/// <param name="Limits">The operator's; null when two people have approved it.</param>
/// <param name="Reason">The caller's.</param>
/// <param name="ApprovedBy">Who approved it; empty for an operator's own.</param>
internal sealed record VoidItem(long Sequence, long? BetMicros, string Currency, VoidRoad Road, VoidLimits? Limits, string Reason, string ApprovedBy);

/// <summary>Voids that came before their bet under one name.</summary>
/// <param name="Target16">What they name: the hash of tenant and key or contribution id.</param>
/// <param name="Count">How many they are.</param>
internal readonly record struct WaitingVoids(Guid Target16, int Count);

/// <summary>Why a void was not taken, or that it was. Checked in this order.</summary>
internal enum VoidResult : byte
{
    Voided,

    /// <summary>No contribution stands there.</summary>
    BetUnknown,

    /// <summary>The amount is not in the bet's currency.</summary>
    CurrencyDiffers,
    NothingLeft,
    AmountNotPositive,
    MoreThanIsLeft,

    /// <summary>Longer ago than voids are taken without two people.</summary>
    TooLate,

    /// <summary>More of the day's contributions than is taken without two people.</summary>
    TooMuch,
}

/// <summary>What became of a void. Amounts are zero when it was refused.</summary>
/// <param name="Result">Voided, or why not.</param>
/// <param name="Number">The void's number in the jackpot.</param>
/// <param name="BetMicros">In the bet's currency.</param>
/// <param name="ContributionMicros">In the jackpot's.</param>
/// <param name="CarriedMicros">What of it the operator's settlement carries.</param>
/// <param name="Awards">What the contribution had won: held for a person.</param>
internal sealed record VoidRecord(VoidResult Result, long Number, long BetMicros, string BetCurrency, long ContributionMicros, long CarriedMicros, string[] Awards);
