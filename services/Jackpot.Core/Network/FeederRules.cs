using System.Collections.Immutable;
using Jackpot.Core.Contributions;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Voids;

namespace Jackpot.Core.Network;

/// <summary>The feeder side: names entries, and learns from home how far they are counted.</summary>
public static class FeederRules
{
    /// <summary>Names the entry of a bet. The caller stores both in the commit of the bet.</summary>
    /// <exception cref="InvalidOperationException">The feeder is suspended.</exception>
    public static (FeederState After, NetworkEntry Entry) Contribute(FeederState feeder, JackpotConfig terms, long stakeMicros)
    {
        var entry = new NetworkEntry(Next(feeder), stakeMicros, ContributionRules.ContributionMicros(terms, stakeMicros));
        return (Append(feeder, entry, tier => terms.Pools[tier].ContributionRate.FloorOf(stakeMicros)), entry);
    }

    /// <summary>Names the entry that takes a bet back, or a part of it.</summary>
    /// <param name="terms">That the bet was taken under.</param>
    /// <param name="voided">The bet's own entry.</param>
    /// <param name="stakeMicros">Its stake.</param>
    /// <param name="voidedBeforeMicros">What was taken back of the stake before.</param>
    /// <param name="partMicros">What is taken back now.</param>
    /// <exception cref="InvalidOperationException">The feeder is suspended.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is not so much left of the stake.</exception>
    public static (FeederState After, NetworkEntry Entry) Void(
        FeederState feeder, JackpotConfig terms, EntryName voided, long stakeMicros, long voidedBeforeMicros, long partMicros)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partMicros);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partMicros, stakeMicros - voidedBeforeMicros);
        var parts = terms.Pools.Select((_, tier) => StakeParts.Of(terms, tier, stakeMicros).Share(stakeMicros, voidedBeforeMicros, partMicros)).ToArray();
        var entry = new NetworkEntry(Next(feeder), partMicros, parts.Sum(part => part.TotalMicros)) { Voids = voided };
        return (Append(feeder, entry, tier => -parts[tier].IncrementMicros), entry);
    }

    /// <summary>The message of a stretch of entries.</summary>
    /// <param name="before">The point before the first of them, in any epoch of this shard that it still has.</param>
    /// <param name="began">Where that epoch began.</param>
    public static Delta DeltaOf(
        FeederState feeder, int termsVersion, EntryMark? began, EntryMark before, ImmutableArray<NetworkEntry> entries, ImmutableArray<AwardReceipt> receipts) =>
        new(feeder.Jackpot, feeder.Home?.Home.Number ?? 0, termsVersion, began, before, entries) { Receipts = receipts };

    /// <summary>
    /// The shard's database is another than it was: restored, promoted or copied. What it still has keeps its names, what comes is named anew, and
    /// home hears where the new epoch began.
    /// </summary>
    /// <exception cref="ArgumentException">The epoch is not a later one of this shard.</exception>
    public static FeederState EnterEpoch(FeederState feeder, ShardEpoch epoch)
    {
        if (epoch.Shard != feeder.Epoch.Shard || epoch.Number <= feeder.Epoch.Number)
        {
            throw new ArgumentException($"{epoch} does not follow {feeder.Epoch}.", nameof(epoch));
        }

        // An epoch without entries leaves no trace: the next one began where it did.
        var began = feeder.Last.Mark.Sequence > 0 ? feeder.Last : feeder.Began;
        return feeder with
        {
            Epoch = epoch,
            Began = began,
            Last = feeder.Last with { Mark = new EntryMark(epoch, 0, feeder.Last.Mark.Totals) },
            Suspended = null,
        };
    }

    /// <summary>Takes in what home says.</summary>
    /// <param name="feeder">As it was last committed.</param>
    /// <param name="state">The message.</param>
    /// <param name="own">This shard's own point at the entry that home has counted up to; null when it has no such entry.</param>
    /// <param name="nowUnixMs">This shard's clock.</param>
    public static (StateAnswer Answer, FeederState After) Hear(FeederState feeder, NetworkState state, FeederPoint? own, long nowUnixMs)
    {
        if (state.Jackpot != feeder.Jackpot)
        {
            return (StateAnswer.OtherJackpot, feeder);
        }

        if (!state.IsNewerThan(feeder.Home))
        {
            var repeated = feeder.Home!.Home == state.Home && feeder.Home.Version == state.Version;
            return repeated ? (StateAnswer.Repeated, feeder with { HeardAtUnixMs = nowUnixMs }) : (StateAnswer.Older, feeder);
        }

        if (state.Pools.Length != feeder.Last.IncrementsMicros.Length || state.Feeder(feeder.Epoch.Shard) is not { } counted)
        {
            return (StateAnswer.NotAFeeder, feeder);
        }

        return Acknowledge(feeder with { Home = state, HeardAtUnixMs = nowUnixMs, Suspended = counted.Suspended }, counted.Counted, own);
    }

    static (StateAnswer, FeederState) Acknowledge(FeederState feeder, EntryMark? counted, FeederPoint? own)
    {
        var nothing = new FeederPoint(EntryMark.Start(feeder.Epoch), [.. new Int128[feeder.Last.IncrementsMicros.Length]]);
        if (counted is not { } mark)
        {
            return (StateAnswer.Taken, feeder with { Acknowledged = nothing });
        }

        if (mark.Epoch.Number > feeder.Epoch.Number)
        {
            return Suspend(feeder, SuspensionReason.EpochOver);
        }

        var start = feeder.Began ?? nothing;
        own = mark.Epoch == feeder.Epoch && mark.Sequence == 0 ? start : own;
        if (own is null)
        {
            // Of an epoch that is over home has counted what was lost here: it takes that back as soon as it hears of the new one.
            return mark.Epoch == feeder.Epoch
                ? Suspend(feeder, SuspensionReason.LostTail)
                : (StateAnswer.Taken, feeder with { Acknowledged = start });
        }

        return own.Mark.Totals == mark.Totals
            ? (StateAnswer.Taken, feeder with { Acknowledged = own })
            : Suspend(feeder, SuspensionReason.TotalsDiffer);
    }

    static (StateAnswer, FeederState) Suspend(FeederState feeder, SuspensionReason reason) =>
        (StateAnswer.Suspended, feeder with { Suspended = reason });

    static long Next(FeederState feeder) => feeder.Suspended is { } reason
        ? throw new InvalidOperationException($"{feeder.Epoch} is suspended ({reason}) and takes nothing for jackpot {feeder.Jackpot}.")
        : feeder.Last.Mark.Sequence + 1;

    static FeederState Append(FeederState feeder, NetworkEntry entry, Func<int, long> increment) => feeder with
    {
        Last = new FeederPoint(feeder.Last.Mark.After(entry), [.. feeder.Last.IncrementsMicros.Select((micros, tier) => micros + increment(tier))]),
    };
}

/// <summary>What a feeder makes of a state message.</summary>
public enum StateAnswer
{
    Taken,

    /// <summary>The newest known, once more: home is alive.</summary>
    Repeated,

    /// <summary>Something newer was heard before, or a newer home.</summary>
    Older,
    OtherJackpot,

    /// <summary>Home does not count this shard among its feeders, or has other tiers.</summary>
    NotAFeeder,

    /// <summary>Home and this shard know different entries; nothing is taken here until people have looked.</summary>
    Suspended,
}
