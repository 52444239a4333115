using Jackpot.Core.Pools;

namespace Jackpot.Core.Contributions;

/// <summary>What a bet brings to the rules: its size in the jackpot's home currency, what money it was, and nothing about who placed it.</summary>
/// <param name="StakeMicros">Zero to 10^18 micro-units.</param>
/// <param name="Funding">What money the bet was made with.</param>
public readonly record struct Stake(long StakeMicros, BetFunding Funding = BetFunding.Cash);

/// <summary>Where the contribution of one stake went. The three parts are the whole, to the micro-unit (R04).</summary>
public readonly record struct ContributionSplit(long ToPoolsMicros, long ToReserveMicros, long ToOverflowMicros)
{
    public long ContributionMicros => ToPoolsMicros + ToReserveMicros + ToOverflowMicros;
}
