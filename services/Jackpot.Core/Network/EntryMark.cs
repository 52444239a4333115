using Jackpot.Core.Ids;

namespace Jackpot.Core.Network;

/// <summary>
/// The name of one entry wherever it crosses a border: the shard that took it, the life of that shard's database, and its gapless number there.
/// A restored shard never gives a name again, because its epoch is another.
/// </summary>
/// <param name="Epoch">Shard and epoch.</param>
/// <param name="Sequence">From 1, without gaps per jackpot, shard and epoch.</param>
public readonly record struct EntryName(ShardEpoch Epoch, long Sequence)
{
    public override string ToString() => $"{Epoch} entry {Sequence}";
}

/// <summary>What a shard has put into a jackpot since it feeds it, in micro-units of the home currency. Both only grow: a void adds to the second.</summary>
public readonly record struct EntryTotals(Int128 ContributedMicros, Int128 VoidedMicros)
{
    public EntryTotals With(in NetworkEntry entry) => entry.Voids is null
        ? this with { ContributedMicros = ContributedMicros + entry.ContributionMicros }
        : this with { VoidedMicros = VoidedMicros + entry.ContributionMicros };

    public EntryTotals Minus(EntryTotals other) => new(ContributedMicros - other.ContributedMicros, VoidedMicros - other.VoidedMicros);
}

/// <summary>A point in a shard's entries: everything up to and including this one, with the sums at that point.</summary>
/// <param name="Epoch">Shard and epoch.</param>
/// <param name="Sequence">The last entry of the epoch that is included; zero for none of them.</param>
/// <param name="Totals">Over all epochs of the shard up to here.</param>
public readonly record struct EntryMark(ShardEpoch Epoch, long Sequence, EntryTotals Totals)
{
    /// <summary>The point before the first entry of a shard that never fed the jackpot.</summary>
    public static EntryMark Start(ShardEpoch epoch) => new(epoch, 0, default);

    public EntryMark After(in NetworkEntry entry) => this with { Sequence = entry.Sequence, Totals = Totals.With(entry) };

    public override string ToString() => $"{Epoch} up to entry {Sequence}";
}

/// <summary>What a feeder tells of one bet, or of what it takes back of one. Nothing in it leads to a player, a round or a game.</summary>
/// <param name="Sequence">Its number in the shard's epoch.</param>
/// <param name="StakeMicros">The stake, or the part of it that is voided, in the home currency.</param>
/// <param name="ContributionMicros">What of it went to the jackpot, or is taken back.</param>
public readonly record struct NetworkEntry(long Sequence, long StakeMicros, long ContributionMicros)
{
    /// <summary>The entry that is taken back, of this shard and possibly of an earlier epoch; null for a contribution.</summary>
    public EntryName? Voids { get; init; }
}
