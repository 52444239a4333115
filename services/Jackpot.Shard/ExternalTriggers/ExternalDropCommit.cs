using Jackpot.Ledger.Commit;
using Jackpot.Ledger.Outbox;
using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Shard.ExternalTriggers;

/// <summary>
/// Writes an external drop with the statements of a batch that drops, but for its contributions: there are none, so neither sequence nor
/// chain moves. The version does, and every batcher that remembers the jackpot reads it again.
/// </summary>
internal static class ExternalDropCommit
{
    /// <param name="connection">With the transaction that holds the jackpot's lock.</param>
    /// <param name="plan">What to write.</param>
    /// <param name="shard">Named in the events.</param>
    /// <param name="now">When it dropped.</param>
    /// <param name="ct">Gives up; nothing is written then.</param>
    public static async Task ExecuteAsync(NpgsqlConnection connection, ExternalDropPlan plan, string shard, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Version(plan));
        foreach (var statement in Statements(plan, shard, now))
        {
            batch.BatchCommands.Add(statement.Command);
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlBatchCommand Version(ExternalDropPlan plan) => new("UPDATE jackpot_state SET version = $2 WHERE id = $1")
    {
        Parameters =
        {
            new NpgsqlParameter<int> { TypedValue = plan.Before.Number },
            new NpgsqlParameter<long> { TypedValue = plan.Next.After.State.Version },
        },
    };

    static IEnumerable<ColumnStatement> Statements(ExternalDropPlan plan, string shard, DateTimeOffset now)
    {
        var (before, after, award) = (plan.Before, plan.Next.After, plan.Award);
        var number = before.PoolNumbers[award.Tier];
        var day = DateOnly.FromDateTime(now.UtcDateTime);

        var pools = new PoolStatement();
        pools.Add(number, after.State.Pools[award.Tier]);
        yield return pools;

        var close = new CloseCycleStatement();
        close.Begin(now.UtcDateTime);
        close.Add(number, award.Drop, before.Secrets[award.Tier]);
        yield return close;

        var open = new OpenCycleStatement();
        open.Begin(now.UtcDateTime);
        plan.Next.Opened.ForEach(opened => open.Add(after, opened));
        yield return open;

        var awards = new AwardStatement();
        awards.Begin(now.UtcDateTime);
        awards.Add(before, award);
        yield return awards;

        var payouts = new PayoutStatement();
        payouts.Begin(now.UtcDateTime);
        payouts.Add(before, award);
        yield return payouts;

        var journal = new JournalStatement();
        journal.Begin(day);
        journal.Add(number, before.State.Pools[award.Tier], after.State, JournalStatement.ExternalDrop, plan.Ledger);
        journal.Add(number, after.State.Pools[award.Tier], after.State, JournalStatement.Seed, plan.Next.Seeding);
        yield return journal;

        if (after.Terms.Version != before.Terms.Version)
        {
            var terms = new TermsStatement();
            terms.Add(after);
            yield return terms;
        }

        var outbox = new OutboxStatement(shard);
        outbox.AddTriggered(before, award, now);
        outbox.AddPoolUpdated(after, award.Tier, now);
        yield return outbox;
    }
}
