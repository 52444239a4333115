using System.Collections.Immutable;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Network;

/// <summary>What a feeder tells home: a stretch of its entries without gaps, all of one epoch and one version of the terms.</summary>
/// <param name="Jackpot">The network jackpot.</param>
/// <param name="HomeNumber">The newest home that the feeder knows (<see cref="HomeEpoch.Number"/>); an older home learns from it that it was replaced.</param>
/// <param name="TermsVersion">The terms that the contributions were taken under.</param>
/// <param name="Began">Where the shard's entries stood when this epoch began; null when it had none before.</param>
/// <param name="Before">The point before the first entry; its epoch is that of all of them.</param>
/// <param name="Entries">Numbered from <c>Before.Sequence + 1</c>; may be empty, to announce an epoch or to carry receipts.</param>
public sealed record Delta(
    JackpotId Jackpot, int HomeNumber, int TermsVersion, EntryMark? Began, EntryMark Before, ImmutableArray<NetworkEntry> Entries)
{
    /// <summary>Entries of one message: half a second at 2,000 bets a second, and about 20 kB on the wire.</summary>
    public const int EntriesMax = 1_000;

    /// <summary>Receipts of one message.</summary>
    public const int ReceiptsMax = 64;

    /// <summary>What became of awards that this shard's players won.</summary>
    public ImmutableArray<AwardReceipt> Receipts { get; init; } = [];

    public long LastSequence => Before.Sequence + Entries.Length;

    /// <summary>The point after the first so many entries.</summary>
    public EntryMark MarkAfter(int count)
    {
        var mark = Before;
        foreach (var entry in Entries.AsSpan()[..count])
        {
            mark = mark.After(entry);
        }

        return mark;
    }

    /// <summary>Why nobody has to look further: null when its form is sound.</summary>
    public string? Fault()
    {
        if (Entries.Length > EntriesMax || Receipts.Length > ReceiptsMax)
        {
            return $"{Entries.Length} entries and {Receipts.Length} receipts were sent; at most {EntriesMax} and {ReceiptsMax} are taken.";
        }

        if (HomeNumber < 0 || Before.Sequence < 0 || Before.Totals.ContributedMicros < 0 || Before.Totals.VoidedMicros < 0)
        {
            return "A number before the first entry is below zero.";
        }

        if (Began is { } began && (began.Epoch.Shard != Before.Epoch.Shard || began.Epoch.Number >= Before.Epoch.Number || began.Sequence < 1))
        {
            return $"{Before.Epoch} cannot have begun at {began}.";
        }

        for (var i = 0; i < Entries.Length; i++)
        {
            var entry = Entries[i];
            if (entry.Sequence != Before.Sequence + 1 + i || entry.StakeMicros < 0 || entry.ContributionMicros < 0 || entry.ContributionMicros > entry.StakeMicros)
            {
                return $"Entry {entry.Sequence} is out of order, or its amounts are.";
            }

            if (entry.Voids is { } voided && !IsBefore(voided, new EntryName(Before.Epoch, entry.Sequence)))
            {
                return $"Entry {entry.Sequence} voids {voided}, which does not lie before it.";
            }
        }

        return null;
    }

    static bool IsBefore(EntryName one, EntryName other) => one.Epoch.Shard == other.Epoch.Shard && one.Sequence > 0
        && (one.Epoch.Number, one.Sequence).CompareTo((other.Epoch.Number, other.Sequence)) < 0;
}

/// <summary>Home asks a feeder for entries that it has not seen.</summary>
/// <param name="Epoch">Of which shard and epoch.</param>
/// <param name="FromSequence">The first that is missing.</param>
/// <param name="ToSequence">The last; below the first when the epoch was empty and only its beginning is asked for.</param>
public sealed record RangeRequest(JackpotId Jackpot, ShardEpoch Epoch, long FromSequence, long ToSequence);
