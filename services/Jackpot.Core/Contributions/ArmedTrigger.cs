using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Contributions;

/// <summary>A trigger with everything it needs to decide over the stakes of one batch.</summary>
abstract class ArmedTrigger
{
    public static ArmedTrigger For(JackpotId jackpot, PoolConfig config, PoolState pool, in CycleSecret secret, in Hash32 headBeforeBatch) =>
        config.Trigger switch
        {
            RandomTrigger random => new ArmedRandom(random, jackpot, pool, secret, headBeforeBatch),
            MustDropByAmount mustDrop => new ArmedMustDrop(PoolRules.HiddenThresholdMicros(mustDrop, pool, secret)),
            _ => throw new InvalidOperationException($"Trigger {config.Trigger.GetType().Name} has no rule."),
        };

    /// <summary>Why this stake drops the pool, or null when it does not.</summary>
    /// <param name="stakeMicros">The stake.</param>
    /// <param name="sequence">Its number in the jackpot.</param>
    /// <param name="amountMicros">What the pool shows, the stake's own part included.</param>
    public abstract DropEvidence? Decide(long stakeMicros, long sequence, long amountMicros);
}

sealed class ArmedRandom(RandomTrigger trigger, JackpotId jackpot, PoolState pool, CycleSecret secret, Hash32 headBeforeBatch) : ArmedTrigger
{
    public override DropEvidence? Decide(long stakeMicros, long sequence, long amountMicros)
    {
        var draw = Draw.Of(secret, jackpot, pool.Id, pool.Cycle, sequence, headBeforeBatch);
        var threshold = Draw.Threshold(stakeMicros, trigger.TurnoverPerDropMicros);
        return draw < threshold ? new DrawBelowThreshold(draw, threshold) : null;
    }
}

sealed class ArmedMustDrop(long hiddenMicros) : ArmedTrigger
{
    public override DropEvidence? Decide(long stakeMicros, long sequence, long amountMicros) =>
        amountMicros >= hiddenMicros ? new HiddenAmountReached(hiddenMicros) : null;
}
