using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Pools;

/// <summary>The terms of a jackpot under one version. Its pools stand in tier order: the first one takes rounding remainders.</summary>
public sealed record JackpotConfig(JackpotId Id, string Name, Currency Currency, int Version, ImmutableArray<PoolConfig> Pools)
{
    /// <summary>More tiers than any product has, and few enough for the stack.</summary>
    public const int PoolsMax = 8;

    /// <summary>Who pays the contributions.</summary>
    public FundingMode Funding { get; init; } = FundingMode.PartOfStake;

    /// <summary>Money whose bets feed the pools and never win them: no draw is made for them, they buy no tickets, and a pool that is due waits for the next bet that may win.</summary>
    public ImmutableArray<BetFunding> FeedsOnly { get; init; } = [];

    /// <summary>Money for whose bets the house pays what flows in, for example free rounds.</summary>
    public ImmutableArray<BetFunding> PaidByHouse { get; init; } = [];

    /// <summary>How many tiers one bet may win. When it would win more, the highest amounts are paid and the others go on (R41).</summary>
    public int TiersPerBetMax { get; init; } = PoolsMax;

    /// <summary>What a stake gives to the jackpot altogether: all pools, contribution and reserve.</summary>
    public PartsPerMillion TotalRate => new(Pools.Sum(pool => pool.ContributionRate.Value + pool.ReserveRate.Value));

    /// <summary>Whether a bet made with this money may win.</summary>
    public bool MayWin(BetFunding funding) => !FeedsOnly.Contains(funding);

    /// <summary>Whether the house pays the contribution of such a bet, and gets it back when it is voided.</summary>
    public bool IsPaidByHouse(BetFunding funding) => Funding == FundingMode.Marketing || PaidByHouse.Contains(funding);

    /// <summary>Whether both take the same money for the same.</summary>
    public bool TakesMoneyAs(JackpotConfig other) => FeedsOnly.SequenceEqual(other.FeedsOnly) && PaidByHouse.SequenceEqual(other.PaidByHouse);

    /// <summary>Equal terms are equal, also when the arrays are not the same object.</summary>
    public bool Equals(JackpotConfig? other) =>
        other is not null && Id == other.Id && Name == other.Name && Currency == other.Currency && Version == other.Version
        && Funding == other.Funding && TiersPerBetMax == other.TiersPerBetMax && TakesMoneyAs(other)
        && Pools.SequenceEqual(other.Pools);

    public override int GetHashCode() => HashCode.Combine(Id, Version, Pools.Length);
}

/// <summary>Who pays what flows into the pools.</summary>
public enum FundingMode
{
    /// <summary>The player, as part of every bet.</summary>
    PartOfStake,

    /// <summary>The player, by a second small bet; the stake that the rules see is that one.</summary>
    SideBet,

    /// <summary>The house, out of its marketing budget: bets grow the pools and cost the player nothing.</summary>
    Marketing,
}
