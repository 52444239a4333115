using System.Collections.Immutable;
using Jackpot.Core.Ids;
using Jackpot.Core.Network;

namespace Jackpot.Core.Simulation.Network;

/// <summary>The process of one shard: what it holds in memory is lost in a crash; what it has committed is in its rows.</summary>
sealed class SimulatedShard(NetworkWorld world, int number)
{
    const int TickMs = 200;
    const int RetryMs = 1_000;
    const int SilenceMs = 2_000;
    const int CommitMsMax = 20;
    const int TicksPerCredit = 10;

    static readonly int Pools = NetworkPlan.Terms.Pools.Length;

    readonly List<Bet> _bets = [];
    readonly List<Delta> _deltas = [];
    readonly ShownAmounts _shown = new(world, number);
    int _life;
    int _sentUntil;
    long _sentAtMs;
    long _toldAtMs;

    public ShardRows Rows { get; private set; } = new(FeederState.Start(NetworkPlan.Terms.Id, ShardEpoch.Of(NetworkPlan.Shards[number], 1), Pools));

    /// <summary>The jackpot's rows while this shard is home.</summary>
    public HomeRows? Home { get; set; }

    public bool IsUp { get; private set; }

    public long ClockSkewMs { get; init; }

    long NowUnixMs => world.Time.NowMs + ClockSkewMs;

    ShardEpoch Here => Rows.Feeder.Epoch;

    public void Start()
    {
        IsUp = true;
        _sentUntil = 0;
        Every(TickMs, Tick);
    }

    public void Crash()
    {
        IsUp = false;
        _life++;
        _bets.Clear();
        _deltas.Clear();
        _shown.Forget();
    }

    /// <summary>The database of an earlier moment, in a new epoch.</summary>
    public void Restore(ShardRows backup, int epoch)
    {
        Rows = backup;
        if (world.Plan.Defect != NetworkDefect.RestoreWithoutEpoch)
        {
            Rows.Feeder = FeederRules.EnterEpoch(Rows.Feeder, ShardEpoch.Of(Here.Shard, epoch));
        }
    }

    public void Take(Bet bet)
    {
        if (!IsUp)
        {
            return;
        }

        bet.IsAnswered |= world.Plan.Defect == NetworkDefect.AcknowledgeBeforeCommit;
        _bets.Add(bet);
        if (_bets.Count == 1)
        {
            Later(1 + world.Chances.Below(CommitMsMax), CommitBets);
        }
    }

    /// <summary>A delta of any shard, its own included.</summary>
    public void Receive(Delta delta)
    {
        if (!IsUp || Home is null)
        {
            return;
        }

        _deltas.Add(delta);
        if (_deltas.Count == 1)
        {
            Later(1 + world.Chances.Below(CommitMsMax), CommitDeltas);
        }
    }

    /// <summary>A process that was owner once decides over a delta on what it remembers; its commit must fail when anybody committed since.</summary>
    public void ReceiveLate(Delta delta, long rememberedVersion)
    {
        if (Home is null || Home.Home.Version != rememberedVersion)
        {
            world.Count(NetworkEvent.StaleOwnerFenced);
            return;
        }

        Receive(delta);
    }

    public void Receive(RangeRequest request)
    {
        if (!IsUp || request.Epoch.Shard != Here.Shard)
        {
            return;
        }

        var index = Rows.IndexOf(new EntryName(request.Epoch, request.FromSequence));
        for (var left = (int)Math.Max(request.ToSequence - request.FromSequence + 1, 0); index >= 0 && left > 0;)
        {
            var count = Math.Min(left, NetworkPlan.EntriesPerDelta);
            world.Publish(number, Rows.DeltaFrom(index, count, []));
            (index, left) = (index + count, left - count);
        }
    }

    public void Receive(NetworkState state)
    {
        if (!IsUp)
        {
            return;
        }

        if (world.Plan.Defect == NetworkDefect.StateWithoutVersion)
        {
            Rows.Feeder = Rows.Feeder with { Home = null };
        }

        var own = Rows.PointAt(state.Feeder(Here.Shard)?.Counted);
        var (answer, after) = FeederRules.Hear(Rows.Feeder, state, own, NowUnixMs);
        Rows.Feeder = after;
        world.Count(NetworkEvent.StateOlder, answer == StateAnswer.Older ? 1 : 0);
        world.Count(NetworkEvent.FeederSuspended, answer == StateAnswer.Suspended ? 1 : 0);
        if (answer == StateAnswer.Taken)
        {
            Resolve(state);
            _shown.Check(Rows.Feeder);
        }
    }

    public void Tell()
    {
        if (IsUp && Home is not null && HomeRules.IsHome(Home.Home, Here))
        {
            _toldAtMs = world.Time.NowMs;
            world.Publish(number, Home.State(NowUnixMs));
        }
    }

    void CommitBets()
    {
        foreach (var bet in _bets.ToArray())
        {
            if (Record(bet))
            {
                bet.IsAnswered = true;
            }
        }

        _bets.Clear();
        _shown.Check(Rows.Feeder);
    }

    bool Record(Bet bet)
    {
        if (Rows.OfKey(bet.Key) is not null)
        {
            return true;
        }

        if (Rows.Feeder.Suspended is not null || (bet.VoidsKey is { } key && Rows.OfKey(key) is null))
        {
            return false;
        }

        var (after, entry) = bet.VoidsKey is { } voided
            ? FeederRules.Void(Rows.Feeder, NetworkPlan.Terms, Rows.OfKey(voided)!.Name, bet.StakeMicros, 0, bet.StakeMicros)
            : FeederRules.Contribute(Rows.Feeder, NetworkPlan.Terms, bet.StakeMicros);
        world.Named(Rows.Add(after, entry, bet.Key));
        return true;
    }

    void CommitDeltas()
    {
        var tell = false;
        foreach (var delta in _deltas.Where(_ => Home is not null))
        {
            tell |= Commit(delta);
        }

        _deltas.Clear();
        if (tell)
        {
            Tell();
        }
    }

    bool Commit(Delta delta)
    {
        if (world.Plan.Defect == NetworkDefect.MergeByAddition)
        {
            Home!.Add(delta);
            return true;
        }

        var outcome = Home!.Receive(delta, Here, NowUnixMs);
        world.Saw(outcome);
        switch (outcome)
        {
            case HomeOutcome.CutBack:
                return Commit(delta);
            case HomeOutcome.Missing missing:
                world.Ask(number, missing.Request);
                return false;
            default:
                return outcome is not HomeOutcome.Refused;
        }
    }

    // A winner is looked for among this shard's rows alone.
    void Resolve(NetworkState state)
    {
        foreach (var award in state.Awards)
        {
            var row = Rows.OfName(award.Winner);
            var own = row is { Entry.Voids: null } ? OwnEntry.Known : OwnEntry.Unknown;
            if (world.Plan.Defect == NetworkDefect.AwardResolvedAtHome)
            {
                if (Home is not null && Rows.Rows.FirstOrDefault(other => other.Name.Sequence == award.Winner.Sequence) is { } taken)
                {
                    world.Pay(number, award, taken.Key);
                }
            }
            else if (!Rows.Awards.ContainsKey(award.Id) && AwardRules.Resolve(Rows.Feeder, award, own) is { } progress)
            {
                Rows.Awards[award.Id] = progress;
            }
        }
    }

    // The wallet takes its time; what was resolved and not paid before a crash is found in the rows and paid afterwards.
    void CreditWinners(FeederState feeder)
    {
        foreach (var award in (feeder.Home?.Awards ?? []).Where(award => Rows.Awards.GetValueOrDefault(award.Id) == AwardProgress.Resolved))
        {
            world.Pay(number, award, Rows.OfName(award.Winner)!.Key);
            Rows.Awards[award.Id] = AwardProgress.Paid;
        }
    }

    void Tick()
    {
        if (world.Time.NowMs - _toldAtMs >= SilenceMs)
        {
            Tell();
        }

        var feeder = Rows.Feeder;
        if (feeder.Suspended is not null)
        {
            return;
        }

        var acknowledged = Rows.IndexAfter(feeder.Acknowledged.Mark);
        if (_sentUntil < acknowledged || world.Time.NowMs - _sentAtMs >= RetryMs)
        {
            _sentUntil = acknowledged;
        }

        Send(feeder);
        if (world.Chances.OneIn(TicksPerCredit))
        {
            CreditWinners(feeder);
        }
    }

    void Send(FeederState feeder)
    {
        ImmutableArray<AwardReceipt> receipts = [.. (feeder.Home?.Awards ?? []).Where(award => Rows.Awards.ContainsKey(award.Id))
            .Select(award => new AwardReceipt(award.Id, Rows.Awards[award.Id]))];
        var rows = Rows.Rows.Skip(_sentUntil).Take(NetworkPlan.EntriesPerDelta).ToArray();
        var count = rows.TakeWhile(row => row.Name.Epoch == rows[0].Name.Epoch).Count();
        var isNewEpoch = feeder.Home?.Feeder(Here.Shard)?.Counted is not { } counted || counted.Epoch != feeder.Epoch;
        if (count > 0)
        {
            world.Publish(number, Rows.DeltaFrom(_sentUntil, count, receipts));
            _sentUntil += count;
            _sentAtMs = world.Time.NowMs;
        }
        else if (isNewEpoch || !receipts.IsEmpty)
        {
            world.Publish(number, Rows.EmptyDelta(receipts));
        }
    }

    void Every(int ms, Action what) => Later(ms, () =>
    {
        what();
        Every(ms, what);
    });

    // What the process of an earlier life had in mind is not done.
    void Later(long ms, Action what)
    {
        var life = _life;
        world.Time.After(ms, () =>
        {
            if (life == _life)
            {
                what();
            }
        });
    }
}
