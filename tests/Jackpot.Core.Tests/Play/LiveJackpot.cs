using System.Collections.Immutable;
using Jackpot.Core.Awards;
using Jackpot.Core.Chain;
using Jackpot.Core.Changes;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Lifecycle;
using Jackpot.Core.Pools;
using Jackpot.Core.Verification;
using Jackpot.Core.Voids;

namespace Jackpot.Core.Tests.Play;

/// <summary>Does what a shard does around the rules: keeps secrets, hashes rows, advances the chain, opens cycles. In memory, and remembers everything.</summary>
sealed class LiveJackpot
{
    readonly Random _random;
    readonly int _rulesVersion;
    Random? _words;
    readonly List<JackpotConfig> _configs = [];
    readonly List<(PoolId Pool, long Cycle, Adjustment Added)> _adjustments = [];
    readonly Dictionary<(PoolId, long), PoolState> _openings = [];
    readonly Dictionary<(PoolId, long), PoolState> _closings = [];
    readonly Dictionary<(PoolId, long), ExternalDrop> _externalDrops = [];
    readonly List<LivedStep> _steps = [];
    readonly List<(ExportedVoidStep Step, ImmutableArray<long> Cycles)> _voids = [];
    readonly Dictionary<long, long> _voidedBets = [];

    /// <param name="config">The terms.</param>
    /// <param name="random">Makes secrets, keys and bodies.</param>
    /// <param name="startUnixMs">The fake clock's first instant.</param>
    /// <param name="rulesVersion">The rules that every cycle is played under.</param>
    public LiveJackpot(JackpotConfig config, Random random, long startUnixMs = 0, int rulesVersion = PoolRules.RulesVersion)
    {
        (Config, Decided, _random, NowUnixMs, _rulesVersion) = (config, config, random, startUnixMs, rulesVersion);
        _configs.Add(config);
        var opening = JackpotRules.Start(config, NowUnixMs);
        State = Opening = UnderRules(opening.State);
        Ledger.AddRange(opening.Ledger);
        RememberOpenings();
    }

    /// <summary>The terms in force.</summary>
    public JackpotConfig Config { get; private set; }

    /// <summary>The terms that the last decision was made under; a drop may have put others in force since.</summary>
    public JackpotConfig Decided { get; private set; }

    /// <summary>A change that was approved and waits for its moment.</summary>
    public JackpotConfig? Approved { get; set; }

    /// <summary>What the last batch showed after each stake, and where each contribution went.</summary>
    public (long[] Amounts, ContributionSplit[] Splits) Last { get; private set; }

    public JackpotState Opening { get; }

    public JackpotState State { get; private set; }

    public List<ExportedBatch> Batches { get; } = [];

    public List<Drop> Drops { get; } = [];

    public List<LedgerEntry> Ledger { get; } = [];

    public Dictionary<(PoolId Pool, long Cycle), CycleSecret> Secrets { get; } = [];

    /// <summary>The fake clock; zero for jackpots that need none.</summary>
    public long NowUnixMs { get; set; }

    public Action<BatchDecision, JackpotState>? OnDecision { get; set; }

    public void Play(params ReadOnlySpan<long> stakesMicros)
    {
        var stakes = new Stake[stakesMicros.Length];
        for (var i = 0; i < stakes.Length; i++)
        {
            stakes[i] = new Stake(stakesMicros[i]);
        }

        Play(stakes);
    }

    /// <summary>The same with bets of any money.</summary>
    public void Play(Stake[] stakes)
    {
        for (var done = 0; done < stakes.Length;)
        {
            done += PlayBatch(stakes.AsSpan(done));
        }
    }

    /// <summary>So many voids there were.</summary>
    public long LastVoid { get; private set; }

    /// <summary>Takes bets back; each bet's currency is the jackpot's, and one micro-unit of the stake is one of the bet.</summary>
    public ImmutableArray<VoidedPart> Void(params (long Sequence, long? BetMicros, VoidRoad Road)[] wanted)
    {
        var before = State;
        var asked = wanted.Select(one => new VoidOrder(BetOf(one.Sequence), one.BetMicros, one.Road)).ToArray();
        var decision = VoidRules.Decide(Config, before, asked);
        var rows = ImmutableArray.CreateBuilder<ExportedVoid>();
        var orders = new List<VoidOrder>();
        foreach (var (order, part) in asked.Zip(decision.Parts).Where(pair => pair.Second.Answer == VoidAnswer.Voided))
        {
            rows.Add(new ExportedVoid(LastVoid + 1 + rows.Count, order.Bet.Sequence, part.StakeMicros, part.ContributionMicros, order.Road, AnyHash16(), AnyHash16()));
            orders.Add(order);
            _voidedBets[order.Bet.Sequence] = _voidedBets.GetValueOrDefault(order.Bet.Sequence) + part.BetMicros;
        }

        if (rows.Count > 0)
        {
            var step = Forgery.Rehashed(Config.Id, new ExportedVoidStep(Config.Version, before.Sequence, LastVoid + 1, before.ChainHead, default, default, rows.ToImmutable()));
            State = decision.State with { ChainHead = step.HeadAfter };
            Ledger.AddRange(decision.Ledger);
            LastVoid += rows.Count;
            _voids.Add((step, [.. before.Pools.Select(pool => pool.Cycle)]));
            _steps.Add(new LivedVoids(step, Config, [.. orders]));
        }

        return decision.Parts;
    }

    VoidableBet BetOf(long sequence)
    {
        var batch = Batches.Last(one => one.FirstSequence <= sequence);
        var row = batch.Rows[(int)(sequence - batch.FirstSequence)];
        return new VoidableBet(sequence, row.StakeMicros, row.StakeMicros, _configs.Single(config => config.Version == batch.ConfigVersion), _voidedBets.GetValueOrDefault(sequence), row.Funding);
    }

    /// <summary>Puts a pool into the state that an administrative step left it in.</summary>
    public void Replace(PoolState pool) =>
        State = State with { Pools = [.. State.Pools.Select(old => old.Id == pool.Id ? pool : old)] };

    /// <summary>The house pays into the reserve of a tier.</summary>
    public void Fund(int tier, long micros)
    {
        var funding = PoolRules.Fund(State.Pools[tier], micros);
        Replace(funding.State);
        Ledger.AddRange(funding.Ledger);
        var added = new Adjustment(State.Sequence, 0, micros, 0, false) { AfterVoid = LastVoid };
        _adjustments.Add((funding.State.Id, funding.State.Cycle, added));
        _steps.Add(new LivedFunding(funding.State.Id, added));
    }

    /// <summary>Takes in what another jackpot's pool held, for one of the same terms.</summary>
    public TransferAnswer TakeOver(int tier, PoolState ended)
    {
        var (terms, receiver) = (Config.Pools[tier], State.Pools[tier]);
        var source = new TransferEnd(JackpotStatus.Paused, Config.Currency, terms with { Id = ended.Id }, ended);
        var outcome = PoolTransferRules.Transfer(source, new TransferEnd(State.Status, Config.Currency, terms, receiver));
        if (outcome.Answer == TransferAnswer.Done)
        {
            var filled = outcome.Target;
            Replace(filled);
            Ledger.AddRange(outcome.Ledger.Where(entry => entry.Pool == receiver.Id));
            var added = new Adjustment(
                State.Sequence, filled.IncrementMicros - receiver.IncrementMicros, filled.ReserveMicros - receiver.ReserveMicros,
                filled.OverflowMicros - receiver.OverflowMicros, filled.ThresholdAboveMicros != receiver.ThresholdAboveMicros) { AfterVoid = LastVoid };
            _adjustments.Add((receiver.Id, receiver.Cycle, added));
            _steps.Add(new LivedFunding(receiver.Id, added));
        }

        return outcome.Answer;
    }

    /// <summary>In which its awards are named.</summary>
    static ShardEpoch Epoch { get; } = ShardEpoch.Of("eu-mt-1", 3);

    /// <summary>From now on the callers' keys and bodies are others, and nothing else is.</summary>
    public void ChooseOtherWords() => _words = new Random(1);

    /// <summary>Everything that happened, in order, to be replayed.</summary>
    public Life Life() => new(Opening, [.. _steps]);

    public CycleExport Export(Drop drop)
    {
        var opening = _openings[(drop.Pool, drop.Cycle)];
        var secret = Secrets[(drop.Pool, drop.Cycle)];
        return new CycleExport(Config.Id, drop.Pool, drop.Cycle, [.. _configs], Commitment.Of(secret), secret, opening,
            [.. Batches.Where(batch => batch.FirstSequence > opening.OpenedAfterSequence && batch.FirstSequence <= drop.Sequence)],
            new ExportedAward(AwardId.Of(Epoch, drop.Pool, drop.Cycle), drop.Sequence, drop.AwardMicros, drop.RemainderMicros)
            {
                Epoch = Epoch,
                WinningTickets = drop.Evidence is TicketsDrawn drawn ? drawn.WinningTickets : [],
            },
            _closings[(drop.Pool, drop.Cycle)])
        {
            ExternalDrop = _externalDrops.GetValueOrDefault((drop.Pool, drop.Cycle)),
            VoidSteps = [.. _voids.Where(one => one.Cycles[TierOf(drop.Pool)] == drop.Cycle && one.Step.AfterSequence > opening.OpenedAfterSequence).Select(one => one.Step)],
            Adjustments = [.. _adjustments.Where(one => one.Pool == drop.Pool && one.Cycle == drop.Cycle).Select(one => one.Added)],
        };
    }

    int TierOf(PoolId pool) => State.Pools.Select(one => one.Id).ToList().IndexOf(pool);

    int PlayBatch(ReadOnlySpan<Stake> stakes)
    {
        var before = State;
        var splits = new ContributionSplit[stakes.Length];
        var secrets = before.Pools.Select(pool => Secrets[(pool.Id, pool.Cycle)]).ToArray();
        var amounts = new long[stakes.Length * Config.Pools.Length];
        var decision = JackpotRules.Record(Config, before, stakes, secrets, amounts, splits, NowUnixMs);
        Last = (amounts, splits);
        var batch = Chained(before, stakes[..decision.Consumed], splits);
        Batches.Add(batch);
        var terms = Config;
        Commit(decision, decision.State with { ChainHead = batch.HeadAfter }, before);
        _steps.Add(new LivedBatch(batch, new StepTerms(terms, Config), [.. secrets]));
        return decision.Consumed;
    }

    /// <summary>Drops a tier from outside.</summary>
    public ExternalDropAnswer DropExternally(PoolId pool)
    {
        var before = State;
        var cycle = before.Pools.FirstOrDefault(candidate => candidate.Id == pool)?.Cycle ?? 0;
        var outcome = ExternalDropRules.Drop(Config, before, pool, Secrets.GetValueOrDefault((pool, cycle)));
        if (outcome.Decision is { } decision)
        {
            var terms = Config;
            _externalDrops[(pool, cycle)] = new ExternalDrop(terms.Version, before.Sequence, before.ChainHead);
            Commit(decision, decision.State, before);
            _steps.Add(new LivedExternalDrop(pool, new StepTerms(terms, Config), Secrets[(pool, cycle)], NowUnixMs));
        }

        return outcome.Answer;
    }

    void Commit(BatchDecision decision, JackpotState chained, JackpotState before)
    {
        Drops.AddRange(decision.Drops);
        Ledger.AddRange(decision.Ledger);
        foreach (var drop in decision.Drops)
        {
            _closings[(drop.Pool, drop.Cycle)] = decision.State.Pools.Single(pool => pool.Id == drop.Pool);
        }

        Decided = Config;
        TakeTerms(chained);
        var opening = JackpotRules.OpenNextCycles(Config, chained, NowUnixMs);
        State = UnderRules(opening.State);
        Ledger.AddRange(opening.Ledger);
        RememberOpenings();
        OnDecision?.Invoke(decision, before);
    }

    JackpotState UnderRules(JackpotState state) => state with { Pools = [.. state.Pools.Select(pool => pool with { RulesVersion = _rulesVersion })] };

    // Approved terms take effect where the state lets them, before any cycle is opened under them.
    void TakeTerms(JackpotState state)
    {
        var terms = Approved is null ? Config : TermsInForce.After(Config, Approved, state);
        if (terms != Config)
        {
            _configs.Add(terms);
            Config = terms;
        }
    }

    ExportedBatch Chained(JackpotState before, ReadOnlySpan<Stake> stakes, ContributionSplit[] splits)
    {
        var rows = ImmutableArray.CreateBuilder<ExportedRow>(stakes.Length);
        for (var i = 0; i < stakes.Length; i++)
        {
            rows.Add(new ExportedRow(before.Sequence + 1 + i, stakes[i].StakeMicros, splits[i].ContributionMicros, AnyHash16(), AnyHash16(), stakes[i].Funding));
        }

        return Forgery.Rehashed(Config.Id, new ExportedBatch(Config.Version, before.Sequence + 1, rows.Count, before.ChainHead, default, default, rows.ToImmutable()) { DecidedAtUnixMs = NowUnixMs });
    }

    void RememberOpenings()
    {
        foreach (var pool in State.Pools)
        {
            if (Secrets.TryAdd((pool.Id, pool.Cycle), new CycleSecret(_random.Bytes(CycleSecret.Bytes))))
            {
                _openings[(pool.Id, pool.Cycle)] = pool;
            }
        }
    }

    Hash16 AnyHash16() => new((_words ?? _random).Bytes(Hash16.Bytes));
}
