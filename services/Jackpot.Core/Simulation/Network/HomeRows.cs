using System.Collections.Immutable;
using Jackpot.Core.Awards;
using Jackpot.Core.Chain;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Network;
using Jackpot.Core.Pools;
using Jackpot.Core.Voids;

namespace Jackpot.Core.Simulation.Network;

/// <summary>An entry that home has counted, and what was taken back of it.</summary>
sealed record CountedEntry(EntryName Name, NetworkEntry Entry, long HomeSequence)
{
    public long VoidedMicros { get; set; }
}

/// <summary>The jackpot in the database of its home: every method is one transaction. It moves as a whole when the home moves.</summary>
sealed class HomeRows
{
    static readonly JackpotConfig Terms = NetworkPlan.Terms;

    readonly Chances _chances;
    readonly CycleSecret[] _secrets;
    readonly Dictionary<EntryName, CountedEntry> _counted = [];
    readonly Dictionary<long, EntryName> _bySequence = [];

    public HomeRows(HomeState home, Chances chances)
    {
        (Home, _chances) = (home, chances);
        var opening = JackpotRules.Start(Terms);
        Jackpot = opening.State;
        _secrets = [.. Terms.Pools.Select(_ => new CycleSecret(AnyBytes()))];
        Book(opening.Ledger);
    }

    public HomeState Home { get; set; }

    public JackpotState Jackpot { get; private set; }

    /// <summary>What counts, in the order in which it was counted.</summary>
    public List<CountedEntry> Counted { get; } = [];

    public List<NetworkAward> Awards { get; } = [];

    /// <summary>All movements, summed per account.</summary>
    public Dictionary<Account, Int128> Books { get; } = [];

    /// <summary>What the rules forbid and happened all the same.</summary>
    public List<string> Violations { get; } = [];

    public NetworkState State(long nowUnixMs) =>
        NetworkState.Of(Home, Jackpot, Terms, [.. _secrets.Select(secret => Commitment.Of(secret))], nowUnixMs);

    public HomeOutcome Receive(Delta delta, ShardEpoch here, long nowUnixMs)
    {
        var outcome = HomeRules.Receive(Home, delta, new HomeContext(here, Jackpot.Status, Terms, NetworkPlan.Limits, nowUnixMs));
        Home = outcome.After;
        switch (outcome)
        {
            case HomeOutcome.Counted counted:
                Count(delta.Before.Epoch, counted.Entries);
                break;
            case HomeOutcome.CutBack cut:
                TakeBack(delta.Before.Epoch.Shard, cut);
                break;
        }

        return outcome;
    }

    /// <summary>The defect of <see cref="NetworkDefect.MergeByAddition"/>.</summary>
    public void Add(Delta delta)
    {
        var feeder = Home.Feeder(delta.Before.Epoch.Shard)!;
        Home = Home.With(feeder with { Counted = delta.MarkAfter(delta.Entries.Length) });
        Count(delta.Before.Epoch, delta.Entries);
    }

    void Count(ShardEpoch epoch, ImmutableArray<NetworkEntry> entries)
    {
        for (var at = 0; at < entries.Length;)
        {
            var bets = entries.Skip(at).TakeWhile(entry => entry.Voids is null).ToArray();
            if (bets.Length > 0)
            {
                at += Contribute(epoch, bets);
            }
            else
            {
                Void(epoch, entries[at++]);
            }
        }
    }

    int Contribute(ShardEpoch epoch, NetworkEntry[] bets)
    {
        var stakes = bets.Select(bet => new Stake(bet.StakeMicros)).ToArray();
        var first = Jackpot.Sequence + 1;
        var decision = JackpotRules.Record(Terms, Jackpot, stakes, _secrets, new long[stakes.Length * Terms.Pools.Length], new ContributionSplit[stakes.Length]);
        for (var i = 0; i < decision.Consumed; i++)
        {
            Remember(new CountedEntry(new EntryName(epoch, bets[i].Sequence), bets[i], first + i));
        }

        Book(decision.Ledger);
        Jackpot = decision.State with { ChainHead = new Hash32(AnyBytes()) };
        Award(decision.Drops);
        return decision.Consumed;
    }

    void Award(ImmutableArray<Drop> drops)
    {
        if (drops.IsEmpty)
        {
            return;
        }

        var awards = drops.Select(drop => new NetworkAward(
            AwardId.Of(Home.Epoch.Shard, drop.Pool, drop.Cycle), drop.Pool, drop.Cycle, _bySequence[drop.Sequence], drop.AwardMicros)).ToArray();
        Awards.AddRange(awards);
        Home = AwardRules.Announce(Home, awards);
        for (var tier = 0; tier < _secrets.Length; tier++)
        {
            _secrets[tier] = Jackpot.Pools[tier].Status == PoolStatus.Dropped ? new CycleSecret(AnyBytes()) : _secrets[tier];
        }

        var opening = JackpotRules.OpenNextCycles(Terms, Jackpot);
        Jackpot = opening.State;
        Book(opening.Ledger);
    }

    // A void that was counted before its shard lost it stays; when it comes again under a new name, nothing is left to take back.
    void Void(ShardEpoch epoch, NetworkEntry entry)
    {
        if (_counted.TryGetValue(entry.Voids!.Value, out var voided))
        {
            TakeBack(voided, Math.Min(entry.StakeMicros, voided.Entry.StakeMicros - voided.VoidedMicros));
        }
        else
        {
            Violations.Add($"{epoch} voids {entry.Voids}, which home has not counted");
        }

        Counted.Add(new CountedEntry(new EntryName(epoch, entry.Sequence), entry, 0));
    }

    void TakeBack(string shard, HomeOutcome.CutBack cut)
    {
        var until = (cut.Until?.Epoch.Number ?? 0, cut.Until?.Sequence ?? 0);
        var lost = Counted.Where(one => one.Name.Epoch.Shard == shard && (one.Name.Epoch.Number, one.Name.Sequence).CompareTo(until) > 0).ToArray();
        foreach (var one in lost.Where(one => one.Entry.Voids is null))
        {
            TakeBack(one, one.Entry.StakeMicros - one.VoidedMicros);
        }

        Counted.RemoveAll(lost.Contains);
        var totals = lost.Aggregate(default(EntryTotals), (sum, one) => sum.With(one.Entry));
        if (totals != cut.TakenBack)
        {
            Violations.Add($"{shard} was cut back by {totals}, its marks say {cut.TakenBack}");
        }
    }

    void TakeBack(CountedEntry counted, long partMicros)
    {
        if (partMicros == 0)
        {
            return;
        }

        var bet = new VoidableBet(counted.HomeSequence, counted.Entry.StakeMicros, counted.Entry.StakeMicros, Terms, counted.VoidedMicros);
        var decision = VoidRules.Decide(Terms, Jackpot, [new VoidOrder(bet, partMicros, VoidRoad.Pools)]);
        counted.VoidedMicros += partMicros;
        Jackpot = decision.State;
        Book(decision.Ledger);
    }

    void Remember(CountedEntry counted)
    {
        _counted[counted.Name] = counted;
        _bySequence[counted.HomeSequence] = counted.Name;
        Counted.Add(counted);
    }

    void Book(ImmutableArray<LedgerEntry> entries)
    {
        foreach (var entry in entries)
        {
            Books[entry.Account] = Books.GetValueOrDefault(entry.Account) + entry.Micros;
        }
    }

    byte[] AnyBytes()
    {
        var bytes = new byte[Hash32.Bytes];
        _chances.Fill(bytes);
        return bytes;
    }
}
