using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Contributions;

/// <summary>Why a called drop was refused, or that it was not. Checked in this order.</summary>
public enum CalledDropAnswer
{
    Dropped,
    JackpotNotActive,
    PoolUnknown,
    PoolNotOpen,
    PoolIsNotCalled,
    NoTicketsSold,
    NothingToPay,
}

/// <summary>What became of a called drop.</summary>
/// <param name="Answer">Dropped, or the reason.</param>
/// <param name="Decision">What to commit; null when refused. It consumes no stake.</param>
public sealed record CalledDropOutcome(CalledDropAnswer Answer, BatchDecision? Decision);

/// <summary>Drops that no stake causes: a game server names the moment, or a raffle is drawn.</summary>
public static class CalledDropRules
{
    /// <summary>Drops one pool now. Who wins is the caller's knowledge (external) or follows from the tickets drawn (raffle).</summary>
    /// <param name="config">The terms in force.</param>
    /// <param name="state">The jackpot as it was last committed.</param>
    /// <param name="pool">The tier that is called.</param>
    /// <param name="secret">Of the pool's current cycle; only a raffle draws from it.</param>
    public static CalledDropOutcome Call(JackpotConfig config, JackpotState state, PoolId pool, in CycleSecret secret)
    {
        var answer = Check(config, state, pool);
        return new CalledDropOutcome(answer, answer == CalledDropAnswer.Dropped ? Drop(config, state, pool, secret) : null);
    }

    static CalledDropAnswer Check(JackpotConfig config, JackpotState state, PoolId id)
    {
        var terms = config.Pools.FirstOrDefault(pool => pool.Id == id);
        var pool = state.Pools.FirstOrDefault(pool => pool.Id == id);
        return (terms, pool) switch
        {
            _ when state.Status != JackpotStatus.Active => CalledDropAnswer.JackpotNotActive,
            (null, _) or (_, null) => CalledDropAnswer.PoolUnknown,
            _ when pool.Status != PoolStatus.Open => CalledDropAnswer.PoolNotOpen,
            _ when terms.Trigger is not (ExternalTrigger or RaffleTrigger) => CalledDropAnswer.PoolIsNotCalled,
            _ when terms.Trigger is RaffleTrigger && pool.TicketsSold == 0 => CalledDropAnswer.NoTicketsSold,
            _ when pool.AmountMicros < config.Currency.MinorUnitMicros => CalledDropAnswer.NothingToPay,
            _ => CalledDropAnswer.Dropped,
        };
    }

    static BatchDecision Drop(JackpotConfig config, JackpotState state, PoolId id, in CycleSecret secret)
    {
        var tier = state.Pools.Select(pool => pool.Id).ToList().IndexOf(id);
        var settlement = new BatchSettlement(config, state.Sequence);
        var dropped = settlement.Award(state.Pools[tier], Evidence(config.Pools[tier].Trigger, state.Pools[tier], secret, state.ChainHead));
        var after = state with { Version = state.Version + 1, Pools = state.Pools.SetItem(tier, dropped) };
        return new BatchDecision(0, after, settlement.Drops, settlement.Ledger);
    }

    /// <summary>What proves a called drop.</summary>
    internal static DropEvidence Evidence(Trigger trigger, PoolState pool, in CycleSecret secret, in Chain.Hash32 head) => trigger switch
    {
        ExternalTrigger => new CalledByGame(),
        RaffleTrigger raffle => new TicketsDrawn(pool.TicketsSold, RaffleDraw.Winners(secret, pool.Id, pool.Cycle, head, pool.TicketsSold, raffle.Winners)),
        _ => throw new InvalidOperationException($"A pool with trigger {trigger.GetType().Name} drops by itself."),
    };
}
