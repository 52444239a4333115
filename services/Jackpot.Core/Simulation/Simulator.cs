using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Pools;
using Jackpot.Core.Voids;

namespace Jackpot.Core.Simulation;

/// <summary>Plays bets through the very rules that run in production; only bets, draws, secrets and chain heads come from a given stream of bits.</summary>
public sealed class Simulator
{
    const int BatchBets = 1_000;
    const long StartUnixMs = 86_400_000;
    const long MsPerHour = 3_600_000;

    readonly SimulationPlan _plan;
    readonly Func<ulong> _bits;
    readonly PoolTally[] _tallies;
    readonly CycleSecret[] _secrets;
    readonly Stake[] _stakes = new Stake[BatchBets];
    readonly ContributionSplit[] _splits = new ContributionSplit[BatchBets];
    readonly long[] _amounts;
    readonly long _weights;
    JackpotState _state;
    long _stakedMicros;
    long _played;
    Int128 _voidedMicros;
    Int128 _carriedMicros;

    Simulator(SimulationPlan plan, Func<ulong> bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Bets, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plan.Bets, SimulationPlan.BetsMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Traffic.BetsPerHour, 1);
        (_plan, _bits) = (plan, bits);
        _weights = plan.Traffic.Sizes.Sum(size => (long)size.Weight);
        _tallies = [.. plan.Config.Pools.Select(pool => new PoolTally(pool.Id))];
        _amounts = new long[BatchBets * plan.Config.Pools.Length];
        _state = JackpotRules.Start(plan.Config, NowUnixMs(0)).State;
        _secrets = [.. plan.Config.Pools.Select(_ => Secret())];
    }

    /// <summary>Runs the plan. The same bits give the same report.</summary>
    /// <param name="plan">What to play through.</param>
    /// <param name="bits">The stream of random bits.</param>
    /// <param name="progress">Is told now and then how many bets are done.</param>
    public static SimulationReport Run(SimulationPlan plan, Func<ulong> bits, Action<long>? progress = null)
    {
        var simulator = new Simulator(plan, bits);
        for (long done = 0; done < plan.Bets;)
        {
            done += simulator.PlayBatch(done);
            progress?.Invoke(done);
        }

        var pools = simulator._tallies.Zip(simulator._state.Pools, (tally, pool) => tally.Report(plan, simulator._stakedMicros, pool));
        return new SimulationReport(plan.Bets, simulator._stakedMicros, [.. pools])
        {
            VoidedMicros = simulator._voidedMicros,
            CarriedMicros = simulator._carriedMicros,
        };
    }

    // Ends at the next call of a raffle or void, and before the next deadline of a timed pool, if there is one before the batch is full.
    int PlayBatch(long done)
    {
        var bets = (int)Math.Min(BatchBets, _plan.Bets - done);
        foreach (var timed in _plan.Config.Pools.Select(pool => pool.Trigger).OfType<MustDropByTime>())
        {
            bets = (int)Math.Min(bets, Math.Max(BetsBefore(timed.Schedule.WindowAt(NowUnixMs(done + 1)).DeadlineUnixMs) - done, 1));
        }

        if (_plan.BetsPerCall is { } perCall)
        {
            bets = (int)Math.Min(bets, perCall - done % perCall);
        }

        if (_plan.BetsPerVoid is { } perVoid)
        {
            bets = (int)Math.Min(bets, perVoid - done % perVoid);
        }

        for (var i = 0; i < bets; i++)
        {
            _stakes[i] = new Stake(AnyStake());
            _stakedMicros += _stakes[i].StakeMicros;
        }

        for (var consumed = 0; consumed < bets;)
        {
            consumed += Decide(_stakes.AsSpan(consumed, bets - consumed), NowUnixMs(done + bets));
        }

        if ((done + bets) % _plan.BetsPerVoid == 0)
        {
            VoidLastBet(_stakes[bets - 1].StakeMicros);
        }

        if ((done + bets) % _plan.BetsPerCall == 0)
        {
            CallPools(NowUnixMs(done + bets));
        }

        return bets;
    }

    int Decide(ReadOnlySpan<Stake> stakes, long atUnixMs)
    {
        var moment = new BatchMoment(_plan.Config.Id, _state.ChainHead, atUnixMs) { SimulatedDraws = _bits };
        var decision = JackpotRules.Record(_plan.Config, _state, stakes, _secrets, _amounts, _splits, moment);
        _state = decision.State with { ChainHead = Head() };
        _played += decision.Consumed;
        Reopen(decision, atUnixMs);
        return decision.Consumed;
    }

    // Whatever the bet won stays won: a drop of its own leaves nothing in the pool to take back.
    void VoidLastBet(long stakeMicros)
    {
        var bet = new VoidableBet(_state.Sequence, stakeMicros, stakeMicros, _plan.Config, 0);
        var decision = VoidRules.Decide(_plan.Config, _state, [new VoidOrder(bet, null, VoidRoad.Pools)]);
        _state = decision.State;
        _voidedMicros += decision.Parts[0].ContributionMicros;
        _carriedMicros += decision.Parts[0].CarriedMicros;
    }

    void CallPools(long atUnixMs)
    {
        for (var tier = 0; tier < _secrets.Length; tier++)
        {
            if (CalledDropRules.Call(_plan.Config, _state, _state.Pools[tier].Id, _secrets[tier]).Decision is { } decision)
            {
                _state = decision.State;
                Reopen(decision, atUnixMs);
            }
        }
    }

    void Reopen(BatchDecision decision, long atUnixMs)
    {
        if (decision.Drops.IsEmpty)
        {
            return;
        }

        var opening = JackpotRules.OpenNextCycles(_plan.Config, _state, atUnixMs);
        for (var tier = 0; tier < _tallies.Length; tier++)
        {
            if (_state.Pools[tier].Status == PoolStatus.Dropped)
            {
                _tallies[tier].Count(opening.State.Pools[tier], opening.Ledger, _played);
                _secrets[tier] = Secret();
            }
        }

        _state = opening.State;
    }

    long AnyStake()
    {
        var at = (long)(_bits() % (ulong)_weights);
        foreach (var size in _plan.Traffic.Sizes)
        {
            at -= size.Weight;
            if (at < 0)
            {
                return size.StakeMicros;
            }
        }

        throw new InvalidOperationException("The weights do not add up.");
    }

    // Simulated time begins a day after 1970, so that every schedule has a deadline before it.
    long NowUnixMs(long bets) => StartUnixMs + bets * MsPerHour / _plan.Traffic.BetsPerHour;

    long BetsBefore(long unixMs) => ((unixMs - StartUnixMs) * _plan.Traffic.BetsPerHour - 1) / MsPerHour;

    Hash32 Head() => new(Bytes(stackalloc byte[Hash32.Bytes]));

    CycleSecret Secret() => new(Bytes(stackalloc byte[CycleSecret.Bytes]));

    Span<byte> Bytes(Span<byte> bytes)
    {
        for (var at = 0; at < bytes.Length; at += sizeof(ulong))
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[at..], _bits());
        }

        return bytes;
    }
}
