using System.Collections.Immutable;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Network;

/// <summary>Everything home has to know to judge a delta.</summary>
/// <param name="Here">This shard in its present epoch: a home that was restored with its shard is none any more.</param>
/// <param name="Jackpot">Whether the jackpot takes contributions.</param>
/// <param name="Terms">The version that the delta names; null when home has no such version.</param>
/// <param name="Limits">Agreed with this feeder.</param>
/// <param name="NowUnixMs">Home's clock, for the flow alone.</param>
public sealed record HomeContext(ShardEpoch Here, JackpotStatus Jackpot, JackpotConfig? Terms, FeederLimits Limits, long NowUnixMs);

/// <summary>
/// The home side of a network jackpot. Each shard's entries are counted in their order and once each, whatever is lost, repeated, reordered or late
/// on the way: home knows up to where it has counted, takes what follows without a gap, and lets everything else be sent again.
/// </summary>
public static class HomeRules
{
    /// <summary>A shard may feed the jackpot from now on.</summary>
    /// <exception cref="InvalidOperationException">It does already, or there are too many.</exception>
    public static HomeState AddFeeder(HomeState home, string shard, FeederLimits limits, long nowUnixMs)
    {
        if (home.Feeder(shard) is not null || home.Feeders.Length == HomeState.FeedersMax)
        {
            throw new InvalidOperationException($"Shard {shard} feeds jackpot {home.Jackpot} already, or {HomeState.FeedersMax} others do.");
        }

        var feeder = new FeederRecord(shard, null, [], null, FlowAllowance.Full(limits, nowUnixMs));
        return home with { Version = home.Version + 1, Feeders = home.Feeders.Add(feeder) };
    }

    /// <summary>Judges a delta.</summary>
    public static HomeOutcome Receive(HomeState home, Delta delta, HomeContext context)
    {
        var feeder = home.Feeder(delta.Before.Epoch.Shard);
        if (Refusal(home, feeder, delta, context) is { } reason)
        {
            return new HomeOutcome.Refused(home, reason);
        }

        var told = AwardRules.Receive(home, delta.Before.Epoch.Shard, delta.Receipts);
        return ByEpoch(told, feeder!, delta, context);
    }

    /// <summary>
    /// Whether a shard may count and draw for the jackpot. A shard that was restored or promoted may not, though its tables say so: in the time that
    /// it lost it may have told awards, or moved the home away.
    /// </summary>
    public static bool IsHome(HomeState home, ShardEpoch here) => home.Status == HomeStatus.Open && home.Epoch.Shard == here;

    /// <summary>Counts a suspended feeder again: people have found out why.</summary>
    /// <exception cref="InvalidOperationException">It is not suspended.</exception>
    public static HomeState Resume(HomeState home, string shard) => home.Feeder(shard) is { Suspended: not null } feeder
        ? home.With(feeder with { Suspended = null })
        : throw new InvalidOperationException($"Shard {shard} is not suspended.");

    /// <summary>Stops counting a feeder.</summary>
    /// <exception cref="InvalidOperationException">It does not feed this jackpot.</exception>
    public static HomeState Suspend(HomeState home, string shard, SuspensionReason reason) => home.Feeder(shard) is { } feeder
        ? home.With(feeder with { Suspended = reason })
        : throw new InvalidOperationException($"Shard {shard} does not feed jackpot {home.Jackpot}.");

    static DeltaRefusal? Refusal(HomeState home, FeederRecord? feeder, Delta delta, HomeContext context) => delta switch
    {
        _ when delta.Fault() is not null => DeltaRefusal.Malformed,
        _ when delta.Jackpot != home.Jackpot => DeltaRefusal.OtherJackpot,
        _ when !IsHome(home, context.Here) || delta.HomeNumber > home.Epoch.Number => DeltaRefusal.HomeMoved,
        _ when feeder is null => DeltaRefusal.UnknownFeeder,
        _ when feeder.Suspended is not null => DeltaRefusal.FeederSuspended,
        _ when context.Jackpot != JackpotStatus.Active => DeltaRefusal.JackpotPaused,
        _ when context.Terms is null => DeltaRefusal.UnknownTerms,
        _ => null,
    };

    static HomeOutcome ByEpoch(HomeState home, FeederRecord feeder, Delta delta, HomeContext context)
    {
        var counted = feeder.Counted ?? EntryMark.Start(delta.Began?.Epoch ?? delta.Before.Epoch);
        return delta.Before.Epoch.Number.CompareTo(counted.Epoch.Number) switch
        {
            < 0 => EarlierEpoch(home, feeder, delta),
            > 0 => LaterEpoch(home, feeder, counted, delta, context),
            _ => SameEpoch(home, feeder, counted, delta, context),
        };
    }

    static HomeOutcome EarlierEpoch(HomeState home, FeederRecord feeder, Delta delta) =>
        feeder.Ended.Any(end => end.Epoch == delta.Before.Epoch && delta.LastSequence <= end.Sequence)
            ? new HomeOutcome.Repeated(home)
            : new HomeOutcome.Refused(home, DeltaRefusal.EpochOver);

    // The shard was restored or promoted. Where it began anew decides: at what home has counted, behind it, or before it.
    static HomeOutcome LaterEpoch(HomeState home, FeederRecord feeder, EntryMark counted, Delta delta, HomeContext context)
    {
        var began = delta.Began;
        if (began is { } ahead && (ahead.Epoch.Number, ahead.Sequence).CompareTo((counted.Epoch.Number, counted.Sequence)) > 0)
        {
            return new HomeOutcome.Missing(home, MissingBefore(home, counted, ahead));
        }

        if (feeder.Ended.Length == FeederRecord.EndedMax || (began is { } past && !Knows(feeder, counted, past)))
        {
            return Suspended(home, feeder, SuspensionReason.HistoryDiffers);
        }

        var start = new EntryMark(delta.Before.Epoch, 0, began?.Totals ?? default);
        if (began == counted)
        {
            return SameEpoch(home, feeder with { Ended = feeder.Ended.Add(counted) }, start, delta, context);
        }

        var kept = feeder.Ended.Where(end => began is { } until && end.Epoch.Number < until.Epoch.Number);
        var after = home.With(feeder with { Counted = start, Ended = began is { } last ? [.. kept, last] : [] });
        return new HomeOutcome.CutBack(after, began, counted.Totals.Minus(start.Totals));
    }

    // Sums at a point inside of an epoch are the ledger's to compare, with the rows that it takes back.
    static bool Knows(FeederRecord feeder, EntryMark counted, EntryMark point) => feeder.Ended.Add(counted).Any(end =>
        end.Epoch == point.Epoch && (point.Sequence < end.Sequence || (point.Sequence == end.Sequence && point.Totals == end.Totals)));

    static RangeRequest MissingBefore(HomeState home, EntryMark counted, EntryMark began) => began.Epoch == counted.Epoch
        ? new RangeRequest(home.Jackpot, began.Epoch, counted.Sequence + 1, began.Sequence)
        : new RangeRequest(home.Jackpot, began.Epoch, 1, began.Sequence);

    static HomeOutcome SameEpoch(HomeState home, FeederRecord feeder, EntryMark counted, Delta delta, HomeContext context)
    {
        if (delta.Before.Sequence > counted.Sequence)
        {
            return new HomeOutcome.Missing(home, new RangeRequest(home.Jackpot, delta.Before.Epoch, counted.Sequence + 1, delta.Before.Sequence));
        }

        if (delta.LastSequence < counted.Sequence)
        {
            return new HomeOutcome.Repeated(home);
        }

        if (delta.Began != (feeder.Ended.IsEmpty ? null : feeder.Ended[^1]))
        {
            return Suspended(home, feeder, SuspensionReason.HistoryDiffers);
        }

        var known = (int)(counted.Sequence - delta.Before.Sequence);
        if (delta.MarkAfter(known).Totals != counted.Totals)
        {
            return Suspended(home, feeder, SuspensionReason.TotalsDiffer);
        }

        var entries = delta.Entries[known..];
        if (entries.IsEmpty && feeder.Counted == counted)
        {
            return new HomeOutcome.Repeated(home);
        }

        return EntryChecks.Fault(entries, context) is { } reason
            ? Suspended(home, feeder, reason)
            : Count(home, feeder, delta.MarkAfter(delta.Entries.Length), entries, context);
    }

    static HomeOutcome Count(HomeState home, FeederRecord feeder, EntryMark mark, ImmutableArray<NetworkEntry> entries, HomeContext context)
    {
        Int128 stakes = 0;
        foreach (var entry in entries)
        {
            stakes += entry.Voids is null ? entry.StakeMicros : 0;
        }

        return feeder.Flow.Take(context.Limits, stakes, context.NowUnixMs) is { } flow
            ? new HomeOutcome.Counted(home.With(feeder with { Counted = mark, Flow = flow }), entries)
            : Suspended(home, feeder, SuspensionReason.FlowAboveLimit);
    }

    static HomeOutcome.Suspended Suspended(HomeState home, FeederRecord feeder, SuspensionReason reason) =>
        new(home.With(feeder with { Suspended = reason }), reason);
}
