using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Contributions;

/// <summary>Why an external drop was refused, or that it was not. Checked in this order.</summary>
public enum ExternalDropAnswer
{
    Dropped,
    JackpotNotActive,
    PoolUnknown,
    PoolNotOpen,
    PoolDropsOtherwise,
    NoTicketsSold,
    NothingToPay,
}

/// <summary>What became of an external drop.</summary>
/// <param name="Answer">Dropped, or the reason.</param>
/// <param name="Decision">What to commit; null when refused. It consumes no stake.</param>
public sealed record ExternalDropOutcome(ExternalDropAnswer Answer, BatchDecision? Decision);

/// <summary>Drops that no stake causes: a game server names the moment, or a raffle is drawn.</summary>
public static class ExternalDropRules
{
    /// <summary>Drops one pool now. Who wins is what the game says (external) or follows from the tickets drawn (raffle).</summary>
    /// <param name="config">The terms in force.</param>
    /// <param name="state">The jackpot as it was last committed.</param>
    /// <param name="pool">The tier that is to drop.</param>
    /// <param name="secret">Of the pool's current cycle; only a raffle draws from it.</param>
    public static ExternalDropOutcome Drop(JackpotConfig config, JackpotState state, PoolId pool, in CycleSecret secret)
    {
        var answer = Check(config, state, pool);
        return new ExternalDropOutcome(answer, answer == ExternalDropAnswer.Dropped ? Decide(config, state, pool, secret) : null);
    }

    static ExternalDropAnswer Check(JackpotConfig config, JackpotState state, PoolId id)
    {
        var terms = config.Pools.FirstOrDefault(pool => pool.Id == id);
        var pool = state.Pools.FirstOrDefault(pool => pool.Id == id);
        return (terms, pool) switch
        {
            _ when state.Status != JackpotStatus.Active => ExternalDropAnswer.JackpotNotActive,
            (null, _) or (_, null) => ExternalDropAnswer.PoolUnknown,
            _ when pool.Status != PoolStatus.Open => ExternalDropAnswer.PoolNotOpen,
            _ when terms.Trigger is not (ExternalTrigger or RaffleTrigger) => ExternalDropAnswer.PoolDropsOtherwise,
            _ when terms.Trigger is RaffleTrigger && pool.TicketsSold == 0 => ExternalDropAnswer.NoTicketsSold,
            _ when pool.AmountMicros < config.Currency.MinorUnitMicros => ExternalDropAnswer.NothingToPay,
            _ => ExternalDropAnswer.Dropped,
        };
    }

    static BatchDecision Decide(JackpotConfig config, JackpotState state, PoolId id, in CycleSecret secret)
    {
        var tier = state.Pools.Select(pool => pool.Id).ToList().IndexOf(id);
        var settlement = new BatchSettlement(config, state.Sequence);
        var dropped = settlement.Award(state.Pools[tier], Evidence(config.Pools[tier].Trigger, state.Pools[tier], secret, state.ChainHead));
        var after = state with { Version = state.Version + 1, Pools = state.Pools.SetItem(tier, dropped) };
        return new BatchDecision(0, after, settlement.Drops, settlement.Ledger);
    }

    /// <summary>What proves an external drop.</summary>
    internal static DropEvidence Evidence(Trigger trigger, PoolState pool, in CycleSecret secret, in Chain.Hash32 head) => trigger switch
    {
        ExternalTrigger => new TriggeredByGame(),
        RaffleTrigger raffle => new TicketsDrawn(pool.TicketsSold, RaffleDraw.Winners(secret, pool.Id, pool.Cycle, head, pool.TicketsSold, raffle.Winners)),
        _ => throw new InvalidOperationException($"A pool with trigger {trigger.GetType().Name} drops by itself."),
    };
}
