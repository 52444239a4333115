using Jackpot.Core.Pools;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;

namespace Jackpot.Shard.Lifecycle;

/// <summary>Writes a jackpot's status and version under its lock.</summary>
internal static class StatusCommit
{
    public static async Task WriteAsync(ShardRows rows, LoadedJackpot before, JackpotState after, CancellationToken ct)
    {
        await rows.Set<StateRow>().Where(row => row.Id == before.Number).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Version, after.Version).SetProperty(row => row.Status, JackpotReader.TextOf(after.Status)), ct);
        if (after.Status == JackpotStatus.Decommissioned)
        {
            await EndChangesAsync(rows, before.Number, ct);
        }
    }

    // No cycle will open any more, so what waits for one waits for nothing. As SQL, because the rows of changes are beside this folder, not below it.
    static async Task EndChangesAsync(ShardRows rows, int number, CancellationToken ct) => await rows.Database.ExecuteSqlAsync($"""
        WITH ended AS (UPDATE config_change SET status = 'withdrawn', decision = 'the jackpot was decommissioned', changed_at = now()
                       WHERE jackpot = {number} AND status IN ('draft', 'proposed', 'approved'))
        UPDATE jackpot SET approved = NULL WHERE id = {number}
        """, ct);
}
