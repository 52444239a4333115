using System.Collections.Immutable;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Network;

/// <summary>Whether this is the home that counts.</summary>
public enum HomeStatus
{
    Open,

    /// <summary>Fenced: another shard is home now. Nothing is counted here any more.</summary>
    Moved,
}

/// <summary>Why a feeder's entries are not counted until people have looked.</summary>
public enum SuspensionReason
{
    /// <summary>The sums of feeder and home differ at the same entry.</summary>
    TotalsDiffer,

    /// <summary>The feeder tells of a past that home knows otherwise.</summary>
    HistoryDiffers,

    /// <summary>Home has counted entries that the feeder does not have: it was restored without a new epoch.</summary>
    LostTail,

    /// <summary>A later life of the same shard feeds the jackpot: this one is over.</summary>
    EpochOver,

    /// <summary>A contribution is not what the terms make of the stake.</summary>
    ContributionDiffers,

    /// <summary>A stake above the limit of the jackpot.</summary>
    StakeAboveLimit,

    /// <summary>More stakes in a time than was agreed for this feeder.</summary>
    FlowAboveLimit,

    /// <summary>A person suspended it.</summary>
    ByStaff,
}

/// <summary>What home knows of one shard that feeds the jackpot; its own shard is one of them.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Counted">Up to where its entries are counted; null before the first.</param>
/// <param name="Ended">Where its earlier epochs ended, oldest first.</param>
/// <param name="Suspended">Why nothing more is counted; null while it is.</param>
/// <param name="Flow">What it may still send.</param>
public sealed record FeederRecord(string Shard, EntryMark? Counted, ImmutableArray<EntryMark> Ended, SuspensionReason? Suspended, FlowAllowance Flow)
{
    /// <summary>Restores of one shard that home remembers; further back only people can reconcile.</summary>
    public const int EndedMax = 32;
}

/// <summary>The network side of a jackpot at its home, committed with the jackpot's own state under one version.</summary>
/// <param name="Jackpot">The jackpot.</param>
/// <param name="Epoch">Which home this is.</param>
/// <param name="Status">Whether it is still home.</param>
/// <param name="Version">Grows with every commit; state messages carry it, and a writer that saw an older one has lost the race.</param>
/// <param name="Feeders">At most <see cref="FeedersMax"/>, in the order in which they were added.</param>
/// <param name="Awards">Told and not known to be paid, oldest first.</param>
public sealed record HomeState(
    JackpotId Jackpot, HomeEpoch Epoch, HomeStatus Status, long Version, ImmutableArray<FeederRecord> Feeders, ImmutableArray<OpenAward> Awards)
{
    /// <summary>Shards that can feed one jackpot.</summary>
    public const int FeedersMax = 64;

    /// <summary>A new network jackpot, fed by nobody yet.</summary>
    public static HomeState Start(JackpotId jackpot, ShardEpoch home) => new(jackpot, new HomeEpoch(1, home), HomeStatus.Open, 1, [], []);

    public FeederRecord? Feeder(string shard) => Feeders.FirstOrDefault(feeder => feeder.Shard == shard);

    internal HomeState With(FeederRecord changed) =>
        this with { Version = Version + 1, Feeders = [.. Feeders.Select(feeder => feeder.Shard == changed.Shard ? changed : feeder)] };
}
