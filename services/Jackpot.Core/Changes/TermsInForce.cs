using System.Collections.Immutable;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Changes;

/// <summary>Which terms hold now, while an approved change takes effect pool by pool.</summary>
public static class TermsInForce
{
    /// <summary>False when the two describe different jackpots: another id, currency, payer, other money that wins, or other tiers.</summary>
    public static bool CanBecome(JackpotConfig before, JackpotConfig after) =>
        before.Id == after.Id && before.Currency == after.Currency && before.Funding == after.Funding
        && before.TiersPerBetMax == after.TiersPerBetMax && before.TakesMoneyAs(after)
        && before.Pools.Select(pool => pool.Id).SequenceEqual(after.Pools.Select(pool => pool.Id));

    /// <summary>The terms in force once an approved change meets the jackpot as it stands.</summary>
    /// <remarks>
    /// Rates, odds and seed of a pool change when its next cycle opens (R13, R14, R16); a hidden amount is therefore never drawn twice in one cycle (R17).
    /// A ceiling changes at once when it lies above what the pool holds, else with the next cycle (R15). The name changes at once.
    /// </remarks>
    /// <param name="inForce">The terms that hold now.</param>
    /// <param name="approved">The terms that were approved.</param>
    /// <param name="state">The jackpot; pools that have dropped are about to open their next cycle.</param>
    /// <returns>The terms that hold from now on; when anything differs, under the next version.</returns>
    public static JackpotConfig After(JackpotConfig inForce, JackpotConfig approved, JackpotState state)
    {
        if (!CanBecome(inForce, approved))
        {
            throw new ArgumentException($"Jackpot {inForce.Id} cannot become what was approved; that is another jackpot.", nameof(approved));
        }

        var pools = inForce.Pools.Zip(approved.Pools, state.Pools).Select(PoolAfter).ToImmutableArray();
        var after = inForce with { Name = approved.Name, Pools = pools };
        return after == inForce ? inForce : after with { Version = inForce.Version + 1 };
    }

    /// <summary>True when nothing of the change is left to wait for.</summary>
    public static bool IsComplete(JackpotConfig inForce, JackpotConfig approved) => inForce with { Version = approved.Version } == approved;

    static PoolConfig PoolAfter((PoolConfig InForce, PoolConfig Approved, PoolState State) pool) => pool switch
    {
        { State.Status: PoolStatus.Dropped } => pool.Approved,
        _ when CeilingMayMove(pool.InForce, pool.Approved, pool.State) => pool.InForce with { CeilingMicros = pool.Approved.CeilingMicros },
        _ => pool.InForce,
    };

    // The old seed and trigger go on meanwhile, so the new ceiling must suit them as well.
    static bool CeilingMayMove(PoolConfig inForce, PoolConfig approved, PoolState state)
    {
        var most = Math.Max(state.AmountMicros, inForce.Trigger is MustDropByAmount mustDrop ? mustDrop.MaxMicros - 1 : inForce.SeedMicros);
        return approved.CeilingMicros is null || approved.CeilingMicros > most;
    }
}
