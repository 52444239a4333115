using System.Collections.Immutable;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Network;

/// <summary>A point in a feeder's own entries, with what the tiers would show more because of all entries up to it.</summary>
/// <param name="Mark">The entries.</param>
/// <param name="IncrementsMicros">Per tier: contributions less voids, before any ceiling.</param>
public sealed record FeederPoint(EntryMark Mark, ImmutableArray<Int128> IncrementsMicros)
{
    public bool Equals(FeederPoint? other) => other is not null && Mark == other.Mark && IncrementsMicros.SequenceEqual(other.IncrementsMicros);

    public override int GetHashCode() => Mark.GetHashCode();
}

/// <summary>What players are told of the pot beside its amount.</summary>
public enum FeederStatus
{
    /// <summary>Home was heard just now.</summary>
    Live,

    /// <summary>Bets are taken and wait for home; the amount is as of when home was last heard.</summary>
    Syncing,

    /// <summary>No bets are taken: nobody would win with them.</summary>
    Suspended,
}

/// <summary>The feeder side of a network jackpot in one shard, committed with the bets that it speaks of.</summary>
/// <param name="Jackpot">The jackpot.</param>
/// <param name="Epoch">The shard and its epoch: new entries are named after it.</param>
/// <param name="Began">Where the entries stood when the epoch began; its mark is null in a shard that had none before.</param>
/// <param name="Last">The newest entry.</param>
/// <param name="Acknowledged">Up to where home has counted, as far as is known here.</param>
/// <param name="Home">What home last said; null before the first time.</param>
/// <param name="HeardAtUnixMs">When, by this shard's clock.</param>
/// <param name="Suspended">Why no bets are taken; null while they are.</param>
public sealed record FeederState(
    JackpotId Jackpot, ShardEpoch Epoch, FeederPoint? Began, FeederPoint Last, FeederPoint Acknowledged, NetworkState? Home, long HeardAtUnixMs,
    SuspensionReason? Suspended)
{
    /// <summary>Home says something every few seconds; after so long its amounts are called "as of".</summary>
    public const long LiveMsMax = 15_000;

    /// <summary>A shard that feeds the jackpot from now on.</summary>
    /// <param name="pools">How many tiers it has.</param>
    public static FeederState Start(JackpotId jackpot, ShardEpoch epoch, int pools)
    {
        var start = new FeederPoint(EntryMark.Start(epoch), [.. new Int128[pools]]);
        return new FeederState(jackpot, epoch, null, start, start, null, 0, null);
    }

    public FeederStatus Status(long nowUnixMs) => this switch
    {
        { Suspended: not null } => FeederStatus.Suspended,
        { Home: null } => FeederStatus.Syncing,
        _ => nowUnixMs - HeardAtUnixMs <= LiveMsMax ? FeederStatus.Live : FeederStatus.Syncing,
    };

    /// <summary>
    /// What a tier shows here: home's amount and this shard's own entries that are not in it, never above the ceiling. Null before home was heard.
    /// </summary>
    public long? ShownMicros(Pools.JackpotConfig terms, int tier)
    {
        if (Home is null)
        {
            return null;
        }

        var shown = Home.Pools[tier].AmountMicros + Last.IncrementsMicros[tier] - Acknowledged.IncrementsMicros[tier];
        return (long)Int128.Clamp(shown, 0, terms.Pools[tier].EffectiveCeilingMicros);
    }
}
