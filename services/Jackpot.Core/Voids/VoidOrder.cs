using System.Collections.Immutable;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Voids;

/// <summary>Where a void's money comes from.</summary>
public enum VoidRoad : byte
{
    /// <summary>Out of every pool whose cycle has not dropped since the bet; what went to the others, the operator's settlement carries.</summary>
    Pools,

    /// <summary>The operator's settlement carries all of it and no pool changes: two people have agreed to a void beyond the limits.</summary>
    Settlement,
}

/// <summary>A contribution as it is stored, and what was taken back of it before.</summary>
/// <param name="Sequence">Its number in the jackpot.</param>
/// <param name="StakeMicros">What draws and rates worked on, in the jackpot's currency.</param>
/// <param name="BetMicros">The bet in the currency that it was made in.</param>
/// <param name="Terms">The version that its batch was decided under.</param>
/// <param name="VoidedBetMicros">What earlier voids took back of the bet.</param>
/// <param name="Funding">What money it was made with: whoever paid its contribution gets it back.</param>
public sealed record VoidableBet(long Sequence, long StakeMicros, long BetMicros, JackpotConfig Terms, long VoidedBetMicros, BetFunding Funding = BetFunding.Cash);

/// <summary>One void that is asked for.</summary>
/// <param name="Bet">What it takes back.</param>
/// <param name="BetMicros">So much of the bet, in the bet's currency; null for all that is left of it.</param>
/// <param name="Road">Where the money comes from.</param>
public sealed record VoidOrder(VoidableBet Bet, long? BetMicros, VoidRoad Road);

/// <summary>Why a void was refused, or that it was not. Checked in this order.</summary>
public enum VoidAnswer
{
    Voided,

    /// <summary>A paused jackpot keeps every amount as it is (R30); ask again when it is resumed.</summary>
    JackpotPaused,

    /// <summary>Earlier voids have taken the whole bet back, or it was a bet of nothing.</summary>
    NothingLeft,

    /// <summary>An amount of nothing, or less.</summary>
    AmountNotPositive,

    /// <summary>All voids of a bet together never exceed it.</summary>
    MoreThanIsLeft,
}

/// <summary>What became of one void. Amounts are zero when it was refused; all but the first are in the jackpot's currency.</summary>
/// <param name="Answer">Voided, or the reason.</param>
/// <param name="BetMicros">The part of the bet, in the bet's currency.</param>
/// <param name="StakeMicros">The part of the stake.</param>
/// <param name="FromPoolsMicros">What the pools gave back.</param>
/// <param name="CarriedMicros">What the operator's settlement carries.</param>
public readonly record struct VoidedPart(VoidAnswer Answer, long BetMicros, long StakeMicros, long FromPoolsMicros, long CarriedMicros)
{
    /// <summary>The part of the contribution that was taken back, whoever bears it.</summary>
    public long ContributionMicros => FromPoolsMicros + CarriedMicros;
}

/// <summary>What a step of voids does to a jackpot. To be committed as a whole or not at all.</summary>
/// <param name="State">The jackpot afterwards; its chain head is still the one before. The very same when nothing was voided.</param>
/// <param name="Parts">One per order.</param>
/// <param name="Ledger">The movements; they sum to zero.</param>
public sealed record VoidDecision(JackpotState State, ImmutableArray<VoidedPart> Parts, ImmutableArray<LedgerEntry> Ledger);
