using System.Collections.Immutable;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Simulation;

/// <summary>How people bet: the sizes with how often each comes, and how many bets there are in an hour.</summary>
public sealed record TrafficProfile(ImmutableArray<StakeSize> Sizes, int BetsPerHour);

/// <summary>One size of bet in the home currency, and its weight among the sizes.</summary>
public sealed record StakeSize(long StakeMicros, int Weight);

/// <summary>What to play through.</summary>
/// <param name="Config">The terms, free of faults.</param>
/// <param name="Traffic">Who plays.</param>
/// <param name="Bets">How many bets; at most <see cref="BetsMax"/>.</param>
public sealed record SimulationPlan(JackpotConfig Config, TrafficProfile Traffic, long Bets)
{
    /// <summary>A thousand million bets: a night's work.</summary>
    public const long BetsMax = 1_000_000_000;

    /// <summary>After how many bets external pools and raffles are called; null for never.</summary>
    public int? BetsPerCall { get; init; }

    /// <summary>After how many bets the last one is taken back; null for never.</summary>
    public int? BetsPerVoid { get; init; }
}
