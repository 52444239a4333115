using Jackpot.Ledger.Commit;
using Jackpot.Shard.Rows;
using Npgsql;

namespace Jackpot.Shard.Lifecycle;

/// <summary>Writes a transfer under the locks of its jackpots: balances, both books, versions, and the end of the source.</summary>
internal static class TransferCommit
{
    public static async Task WriteAsync(ShardRows rows, NpgsqlTransaction transaction, TransferPlan plan, DateTimeOffset now, CancellationToken ct)
    {
        var (pools, journal) = (new PoolStatement(), new JournalStatement());
        journal.Begin(DateOnly.FromDateTime(now.UtcDateTime));
        foreach (var (before, after) in plan.Steps)
        {
            await StatusCommit.WriteAsync(rows, before, after, ct);
            for (var tier = 0; tier < before.PoolNumbers.Length; tier++)
            {
                pools.Add(before.PoolNumbers[tier], after.Pools[tier]);
                journal.Add(before.PoolNumbers[tier], after.Pools[tier], after, JournalStatement.Transfer, plan.Ledger);
            }
        }

        await using var batch = new NpgsqlBatch(transaction.Connection!, transaction);
        batch.BatchCommands.Add(pools.Command);
        batch.BatchCommands.Add(journal.Command);
        await batch.ExecuteNonQueryAsync(ct);
    }
}
