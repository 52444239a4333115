using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Contributions;

/// <summary>What all stakes of a batch have in common: whose chain they join, after which head, and when that was decided.</summary>
readonly record struct BatchMoment(JackpotId Jackpot, Hash32 HeadBefore, long DecidedAtUnixMs)
{
    /// <summary>Draws of a simulation, uniform on 64 bits; null wherever money is played for.</summary>
    public Func<ulong>? SimulatedDraws { get; init; }
}

/// <summary>A trigger with everything it needs to decide over the stakes of one batch.</summary>
abstract class TriggerEvaluator
{
    public static TriggerEvaluator For(PoolConfig config, PoolState pool, in CycleSecret secret, in BatchMoment moment) => config.Trigger switch
    {
        RandomTrigger random when moment.SimulatedDraws is { } draws => new SimulatedEvaluator(random, draws),
        RandomTrigger random => new RandomEvaluator(random, pool, secret, moment),
        MustDropByAmount mustDrop => new AmountEvaluator(PoolRules.HiddenThresholdMicros(mustDrop, pool, secret)),
        MustDropByTime mustDrop => new TimeEvaluator(TimedDrop.Ripening(mustDrop, pool, moment.DecidedAtUnixMs, secret), moment.DecidedAtUnixMs),
        ExternalTrigger or RaffleTrigger => new ExternalEvaluator(),
        _ => throw new InvalidOperationException($"Trigger {config.Trigger.GetType().Name} has no rule."),
    };

    /// <summary>Why this stake drops the pool, or null when it does not.</summary>
    /// <param name="stakeMicros">The stake.</param>
    /// <param name="sequence">Its number in the jackpot.</param>
    /// <param name="amountMicros">What the pool shows, the stake's own part included.</param>
    public abstract DropEvidence? Decide(long stakeMicros, long sequence, long amountMicros);
}

sealed class RandomEvaluator(RandomTrigger trigger, PoolState pool, CycleSecret secret, BatchMoment moment) : TriggerEvaluator
{
    public override DropEvidence? Decide(long stakeMicros, long sequence, long amountMicros)
    {
        var draw = Draw.Of(secret, moment.Jackpot, pool.Id, pool.Cycle, sequence, moment.HeadBefore);
        var threshold = Draw.Threshold(stakeMicros, trigger.TurnoverPerDropMicros);
        return draw < threshold ? new DrawBelowThreshold(draw, threshold) : null;
    }
}

/// <summary>The same chances from a generator's bits, which cost a hundredth of a keyed hash.</summary>
sealed class SimulatedEvaluator(RandomTrigger trigger, Func<ulong> draws) : TriggerEvaluator
{
    long _stakeMicros = -1;
    UInt128 _threshold;

    // Neighbours are often of one size, and the division is the dearest part.
    public override DropEvidence? Decide(long stakeMicros, long sequence, long amountMicros)
    {
        if (stakeMicros != _stakeMicros)
        {
            (_stakeMicros, _threshold) = (stakeMicros, Draw.Threshold(stakeMicros, trigger.TurnoverPerDropMicros));
        }

        var draw = draws();
        return draw < _threshold ? new DrawBelowThreshold(draw, _threshold) : null;
    }
}

sealed class AmountEvaluator(long hiddenMicros) : TriggerEvaluator
{
    public override DropEvidence? Decide(long stakeMicros, long sequence, long amountMicros) =>
        amountMicros >= hiddenMicros ? new HiddenAmountReached(hiddenMicros) : null;
}

sealed class TimeEvaluator(HiddenInstantReached ripening, long decidedAtUnixMs) : TriggerEvaluator
{
    readonly HiddenInstantReached? _ripe = decidedAtUnixMs >= ripening.InstantUnixMs ? ripening : null;

    // A bet of nothing takes no part: it would be a free ticket for whoever watches the clock.
    public override DropEvidence? Decide(long stakeMicros, long sequence, long amountMicros) => stakeMicros > 0 ? _ripe : null;
}

/// <summary>No stake drops the pool: an external trigger or a draw has to.</summary>
sealed class ExternalEvaluator : TriggerEvaluator
{
    public override DropEvidence? Decide(long stakeMicros, long sequence, long amountMicros) => null;
}
