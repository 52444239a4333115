using Jackpot.Core.Lifecycle;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Lifecycle;
using Jackpot.Shard.Rows;
using Npgsql;

namespace Jackpot.Shard.Payouts.Held;

/// <summary>The pool that an award came from, locked.</summary>
internal sealed record LockedPool(LoadedJackpot Jackpot, int Tier);

/// <summary>Gives money back to the pool that it came from, in the caller's transaction.</summary>
internal sealed class PoolReturn(JackpotReader jackpots, TimeProvider clock)
{
    /// <summary>Locks the jackpot of a payout; null when there is no such payout.</summary>
    public async Task<LockedPool?> LockAsync(NpgsqlTransaction transaction, string payoutId, CancellationToken ct)
    {
        int jackpot, pool;
        await using (var find = new NpgsqlCommand("SELECT a.jackpot, a.pool FROM payout p JOIN award a USING (award_id) WHERE p.payout_id = $1", transaction.Connection))
        {
            find.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payoutId });
            await using var row = await find.ExecuteReaderAsync(ct);
            if (!await row.ReadAsync(ct))
            {
                return null;
            }

            (jackpot, pool) = (row.GetInt32(0), row.GetInt32(1));
        }

        var locked = (await jackpots.LockAsync(transaction, [jackpot], ct)).Single();
        return new LockedPool(locked, Array.IndexOf(locked.PoolNumbers, pool));
    }

    /// <summary>False when the pool takes nothing at the moment. Micro-units of the jackpot's currency.</summary>
    public async Task<bool> ReturnAsync(ShardRows rows, NpgsqlTransaction transaction, LockedPool target, long micros, CancellationToken ct)
    {
        var (jackpot, tier) = target;
        var outcome = PoolTransferRules.Return(
            new TransferEnd(jackpot.State.Status, jackpot.Config.Currency, jackpot.Config.Pools[tier], jackpot.State.Pools[tier]), micros);
        if (outcome.Answer != TransferAnswer.Done)
        {
            return false;
        }

        var after = jackpot.State with { Version = jackpot.State.Version + 1, Pools = jackpot.State.Pools.SetItem(tier, outcome.Target) };
        await TransferCommit.WriteAsync(rows, transaction, new TransferPlan([new TransferPlan.Step(jackpot, after)], outcome.Ledger), clock.GetUtcNow(), ct);
        return true;
    }
}
