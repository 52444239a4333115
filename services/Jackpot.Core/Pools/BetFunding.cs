namespace Jackpot.Core.Pools;

/// <summary>What money a bet was made with. The numbers are stored and never change.</summary>
public enum BetFunding : byte
{
    Cash = 0,
    Bonus = 1,

    /// <summary>A round that the house gave away.</summary>
    FreeRound = 2,
}
