using System.Collections.Immutable;
using Jackpot.Core.Awards;
using Jackpot.Core.Ids;
using Jackpot.Core.Network;

namespace Jackpot.Core.Simulation.Network;

/// <summary>A payment that a wallet has made.</summary>
sealed record Payment(int Shard, NetworkAward Award, int Key);

/// <summary>Three shards, the way between them, their operators and wallets, and all that goes wrong. Same bits, same run.</summary>
sealed class NetworkWorld
{
    const int UsualDelayMsMax = 60;
    const int LateDelayMsMax = 3_000;
    const int VeryLateDelayMsMax = 30_000;
    const int SkewMsMax = 60_000;

    readonly long[] _events = new long[Enum.GetValues<NetworkEvent>().Length];
    readonly List<string> _violations = [];
    readonly bool[,] _isCut;
    readonly int _oneLostIn;
    readonly int _oneRepeatedIn;
    readonly int _oneLateIn;

    public NetworkWorld(NetworkPlan plan, Func<ulong> bits)
    {
        (Plan, Chances) = (plan, new Chances(bits));
        var shards = NetworkPlan.Shards.Length;
        _isCut = new bool[shards, shards];
        (_oneLostIn, _oneRepeatedIn, _oneLateIn) = (Chances.Any([0, 50, 10, 4]), Chances.Any([0, 20, 5]), Chances.Any([0, 20, 5]));
        TakesBack = Chances.OneIn(2);
        Shards = [.. Enumerable.Range(0, shards).Select(number => new SimulatedShard(this, number) { ClockSkewMs = Chances.Below(2 * SkewMsMax) - SkewMsMax })];
        var home = HomeState.Start(NetworkPlan.Terms.Id, Shards[0].Rows.Feeder.Epoch);
        Shards[0].Home = new HomeRows(NetworkPlan.Shards.Aggregate(home, (state, shard) => HomeRules.AddFeeder(state, shard, NetworkPlan.Limits, 0)), Chances);
    }

    public NetworkPlan Plan { get; }

    public Chances Chances { get; }

    public VirtualTime Time { get; } = new();

    public ImmutableArray<SimulatedShard> Shards { get; }

    /// <summary>Whether bets are voided and shards restored in this run; only then may an amount shrink.</summary>
    public bool TakesBack { get; }

    /// <summary>Whether anything goes wrong any more.</summary>
    public bool IsHealed { get; set; }

    public List<Payment> Payments { get; } = [];

    /// <summary>Every name that was ever given, and to which bets.</summary>
    public Dictionary<EntryName, HashSet<int>> Names { get; } = [];

    public IReadOnlyList<string> Violations => _violations;

    public SimulatedShard? HomeShard => Shards.SingleOrDefault(shard => shard.Home is not null);

    public void Count(NetworkEvent what, long times = 1) => _events[(int)what] += times;

    public void Violate(string what) => _violations.Add($"at {Time.NowMs} ms: {what}");

    public NetworkReport Report() => new([.. _violations], [.. _events]);

    public void Named(EntryRow row)
    {
        Count(row.Entry.Voids is null ? NetworkEvent.BetAccepted : NetworkEvent.BetVoided);
        var keys = Names.TryGetValue(row.Name, out var known) ? known : Names[row.Name] = [];
        keys.Add(row.Key);
    }

    // The wallet is the operator's and outlives the shard's database: it knows an award that it has paid.
    public void Pay(int shard, NetworkAward award, int key)
    {
        if (Payments.TrueForAll(payment => payment.Award.Id != award.Id || payment.Shard != shard))
        {
            Count(NetworkEvent.AwardPaid);
            Payments.Add(new Payment(shard, award, key));
        }
    }

    public void Publish(int from, Delta delta)
    {
        for (var to = 0; to < Shards.Length; to++)
        {
            var shard = Shards[to];
            if (to != from && !IsHealed && Chances.OneIn(40) && shard.Home is { } remembered)
            {
                var version = remembered.Home.Version;
                Send(from, to, () => shard.ReceiveLate(delta, version));
            }

            Send(from, to, () => shard.Receive(delta));
        }
    }

    public void Publish(int from, NetworkState state)
    {
        for (var to = 0; to < Shards.Length; to++)
        {
            var shard = Shards[to];
            Send(from, to, () => shard.Receive(state));
        }
    }

    public void Ask(int from, RangeRequest request)
    {
        var to = NetworkPlan.Shards.IndexOf(request.Epoch.Shard);
        Send(from, to, () => Shards[to].Receive(request));
    }

    public void Cut(int one, int other, bool isCut) => _isCut[one, other] = _isCut[other, one] = isCut;

    public void Saw(HomeOutcome outcome) => Count(outcome switch
    {
        HomeOutcome.Missing => NetworkEvent.RangeAsked,
        HomeOutcome.Repeated => NetworkEvent.EntriesRepeated,
        HomeOutcome.CutBack => NetworkEvent.EntriesCutBack,
        HomeOutcome.Suspended => NetworkEvent.FeederSuspended,
        _ => NetworkEvent.DeltaRefused,
    }, outcome is HomeOutcome.Counted ? 0 : 1);

    // Inside of a shard nothing is lost; between shards everything can happen to a message, the same message more than once.
    void Send(int from, int to, Action arrive)
    {
        if (from == to)
        {
            Time.After(0, arrive);
            return;
        }

        Count(NetworkEvent.MessageSent);
        if (_isCut[from, to])
        {
            Count(NetworkEvent.MessageCut);
            return;
        }

        if (!IsHealed && Chances.OneIn(_oneLostIn))
        {
            Count(NetworkEvent.MessageLost);
            return;
        }

        Time.After(DelayMs(), arrive);
        if (!IsHealed && Chances.OneIn(_oneRepeatedIn))
        {
            Count(NetworkEvent.MessageRepeated);
            Time.After(DelayMs(), arrive);
        }
    }

    int DelayMs()
    {
        if (IsHealed || !Chances.OneIn(_oneLateIn))
        {
            return 1 + Chances.Below(UsualDelayMsMax);
        }

        Count(NetworkEvent.MessageLate);
        return Chances.Below(Chances.OneIn(10) ? VeryLateDelayMsMax : LateDelayMsMax);
    }
}
