namespace Jackpot.Core.Ledger;

/// <summary>Where money comes from and goes to. Positive entries put money in, negative ones take it out.</summary>
public enum Account
{
    /// <summary>Outside: the part of players' stakes that feeds jackpots. Its entries are negative.</summary>
    PlayerContributions,

    /// <summary>A pool's player-funded part: a liability as soon as it is played (R56).</summary>
    PoolIncrement,

    /// <summary>A pool's seed.</summary>
    PoolSeed,

    /// <summary>A pool's reserve for coming seeds.</summary>
    Reserve,

    /// <summary>A pool's overflow above the ceiling.</summary>
    Overflow,

    /// <summary>Outside: the operator's own money, which pays what reserve and overflow cannot.</summary>
    House,

    /// <summary>Outside: what winners are owed.</summary>
    AwardsPayable,

    /// <summary>Outside: another jackpot that money is moved to or from.</summary>
    Transfer,
}
