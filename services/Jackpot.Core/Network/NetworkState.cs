using System.Collections.Immutable;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Network;

/// <summary>A tier as home tells it.</summary>
/// <param name="Cycle">The running cycle.</param>
/// <param name="AmountMicros">What players see and win, in the home currency.</param>
/// <param name="Commitment">To the running cycle's secret.</param>
public sealed record NetworkPool(PoolId Id, long Cycle, long AmountMicros, Commitment Commitment);

/// <summary>How far home has come with one shard.</summary>
public sealed record CountedFeeder(string Shard, EntryMark? Counted, SuspensionReason? Suspended);

/// <summary>
/// What home tells all feeders: amounts, and exactly which entries are in them. One commit's truth, so that a feeder can add what is its own and not
/// in it yet.
/// </summary>
/// <param name="Home">Which home speaks.</param>
/// <param name="Version">Of its state; an older message changes nothing.</param>
/// <param name="AsOfUnixMs">By home's clock: shown, never compared.</param>
public sealed record NetworkState(
    JackpotId Jackpot, HomeEpoch Home, long Version, long AsOfUnixMs, JackpotStatus Status, int TermsVersion,
    ImmutableArray<NetworkPool> Pools, ImmutableArray<CountedFeeder> Feeders, ImmutableArray<NetworkAward> Awards)
{
    /// <summary>Made from what one commit wrote.</summary>
    /// <exception cref="ArgumentException">The two states are not of one jackpot, or a commitment is missing.</exception>
    public static NetworkState Of(HomeState home, JackpotState jackpot, JackpotConfig terms, ImmutableArray<Commitment> commitments, long nowUnixMs)
    {
        if (home.Jackpot != jackpot.Id || jackpot.Pools.Length != commitments.Length)
        {
            throw new ArgumentException($"Jackpot {jackpot.Id} with {commitments.Length} commitments is not what home {home.Jackpot} tells.", nameof(jackpot));
        }

        return new NetworkState(home.Jackpot, home.Epoch, home.Version, nowUnixMs, jackpot.Status, terms.Version,
            [.. jackpot.Pools.Zip(commitments, (pool, commitment) => new NetworkPool(pool.Id, pool.Cycle, pool.AmountMicros, commitment))],
            [.. home.Feeders.Select(feeder => new CountedFeeder(feeder.Shard, feeder.Counted, feeder.Suspended))],
            [.. home.Awards.Take(AwardRules.ToldMax).Select(open => open.Award)]);
    }

    public CountedFeeder? Feeder(string shard) => Feeders.FirstOrDefault(feeder => feeder.Shard == shard);

    /// <summary>Whether this was said after the other.</summary>
    public bool IsNewerThan(NetworkState? other) =>
        other is null || (Home.Number, Version).CompareTo((other.Home.Number, other.Version)) > 0;
}
