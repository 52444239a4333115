namespace Jackpot.Core.Payouts;

/// <summary>Where one winner's payout stands. What is above <see cref="Held"/> is over: no step follows it.</summary>
public enum PayoutState
{
    /// <summary>The award's other winners are not chosen yet, so how much of it is this winner's is not known.</summary>
    Sharing,

    /// <summary>Owed; nothing has been sent to a wallet that is not known to have been refused.</summary>
    Requested,

    /// <summary>A credit may have been sent. The wallet is asked before anything is sent again.</summary>
    Crediting,

    /// <summary>Waits for people, with a <see cref="HoldCause"/>.</summary>
    Held,

    /// <summary>The operator's wallet has given the winner the money.</summary>
    Credited,

    /// <summary>The winner has the money by another road than the wallet, which two people have seen evidence of.</summary>
    PaidOutside,

    /// <summary>A third party that is named has got what the winner may not get, for example a public fund.</summary>
    Forfeited,

    /// <summary>The money is back in the pool that it came from.</summary>
    RolledBack,
}

/// <summary>Why a payout waits for people.</summary>
public enum HoldCause
{
    /// <summary>A check before the credit said no: the player is excluded, a house account, on a list, in the wrong place.</summary>
    CheckFailed,

    /// <summary>The award is above the limit from which two people sign before a cent moves.</summary>
    LargeAward,

    /// <summary>The wallet said no, and nothing was credited.</summary>
    WalletRefused,

    /// <summary>The wallet gave no clear answer as often as it was asked; it may have credited.</summary>
    WalletInDoubt,

    /// <summary>A credit had no answer, the wallet now knows nothing of it, and it is not proven to apply an id only once: sending again might pay twice.</summary>
    WalletForgot,

    /// <summary>The bet that won was taken back.</summary>
    BetVoided,

    /// <summary>The payout's own row cannot be read or acted on.</summary>
    Unreadable,
}
