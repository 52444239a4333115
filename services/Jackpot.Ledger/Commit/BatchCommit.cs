using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Outbox;
using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Ledger.Commit;

/// <summary>
/// The one transaction of a batch: a single pipelined round trip of a fixed list of prepared statements, which PostgreSQL runs as one
/// implicit transaction. The fence comes first, so that row locks order competing writers, and the outbox rows after it, so that their
/// ids follow the order of commits for every jackpot.
/// </summary>
internal sealed class BatchCommit(string shard, DedupeWindows windows, TimeProvider clock)
{
    readonly FenceStatement _fence = new();
    readonly PoolStatement _pools = new();
    readonly DedupeStatement _dedupe = new();
    readonly ContributionStatement _contributions = new();
    readonly BatchStatement _batches = new();
    readonly JournalStatement _journal = new();
    readonly OutboxStatement _outbox = new(shard);
    readonly CloseCycleStatement _closeCycles = new();
    readonly OpenCycleStatement _openCycles = new();
    readonly AwardStatement _awards = new();
    readonly PayoutStatement _payouts = new();
    readonly TermsStatement _terms = new();
    readonly ContributorStatement _contributors = new();
    readonly WaitingVoidStatement _waiting = new();

    ColumnStatement[]? _always;
    ColumnStatement[]? _withDrops;
    ColumnStatement[] _filled = [];

    ColumnStatement[] Always => _always ??= [_fence, _pools, _dedupe, _contributions, _batches, _journal, _outbox];

    ColumnStatement[] WithDrops => _withDrops ??= [.. Always, _closeCycles, _openCycles, _awards, _payouts, _terms];

    /// <summary>Takes over what the plans will do; whatever was filled in before is forgotten.</summary>
    public void Fill(IReadOnlyList<JackpotPlan> plans, ReadOnlySpan<AcceptedContribution> items)
    {
        Clear();
        _filled = plans.Any(plan => !plan.Decision.Drops.IsEmpty) ? WithDrops : Always;
        if (plans.Any(ContributorStatement.IsNeededFor))
        {
            _filled = [.. _filled, _contributors];
        }

        var now = clock.GetUtcNow();
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        _dedupe.Begin(windows.Current);
        _contributions.Begin(day);
        _batches.Begin(day);
        _journal.Begin(day);
        _waiting.Begin(now.UtcDateTime);
        foreach (var plan in plans)
        {
            FillBatch(plan, items);
            FillDrops(plan, items, now);
            _contributors.Add(plan, items);
        }

        if (!_waiting.IsEmpty)
        {
            // After the fence, which orders writers, and before the keys, which take the place of the claims.
            _filled = [_fence, _waiting, .. _filled.Where(statement => statement != _fence)];
        }

        if (!BenchSwitches.LeaveOutOutbox(plans))
        {
            _outbox.AddRecorded(plans);
        }
    }

    /// <summary>Commits what was filled in or, with any exception, leaves it open whether it was: the caller reloads and looks.</summary>
    public void Execute(NpgsqlConnection connection)
    {
        using var batch = new NpgsqlBatch(connection);
        foreach (var statement in _filled)
        {
            batch.BatchCommands.Add(statement.Command);
        }

        batch.ExecuteNonQuery();
    }

    void Clear()
    {
        foreach (var statement in _filled)
        {
            statement.Clear();
        }
    }

    void FillBatch(JackpotPlan plan, ReadOnlySpan<AcceptedContribution> items)
    {
        _fence.Add(plan);
        _batches.Add(plan);
        var (jackpot, before, after) = (plan.Before, plan.Before.State, plan.After.State);
        for (var tier = 0; tier < jackpot.PoolNumbers.Length; tier++)
        {
            _pools.Add(jackpot.PoolNumbers[tier], after.Pools[tier]);
            _journal.Add(jackpot.PoolNumbers[tier], before.Pools[tier], after, JournalStatement.Batch, plan.Decision.Ledger);
            _journal.Add(jackpot.PoolNumbers[tier], after.Pools[tier], after, JournalStatement.Seed, plan.Seeding);
        }

        var tiers = jackpot.PoolNumbers.Length;
        for (var i = 0; i < plan.Consumed.Length; i++)
        {
            ref readonly var item = ref items[plan.Consumed[i]];
            _dedupe.Add(item, plan.FirstSequence + i);
            _waiting.Add(item, plan.FirstSequence + i);
            _contributions.Add(item, plan.FirstSequence + i, plan.Splits[i].ContributionMicros, plan.Amounts.AsSpan(i * tiers, tiers));
        }
    }

    void FillDrops(JackpotPlan plan, ReadOnlySpan<AcceptedContribution> items, DateTimeOffset now)
    {
        _closeCycles.Begin(now.UtcDateTime);
        _openCycles.Begin(now.UtcDateTime);
        _awards.Begin(now.UtcDateTime);
        _payouts.Begin(now.UtcDateTime);
        foreach (var drop in plan.Decision.Drops)
        {
            var tier = plan.TierOf(drop);
            ref readonly var winner = ref items[plan.Consumed[^1]];
            var award = FrozenAward.Whole(plan.Before.AwardOf(drop), tier, drop, Winner.Of(winner));
            _closeCycles.Add(plan.Before.PoolNumbers[tier], drop, plan.Before.Secrets[tier]);
            _awards.Add(plan.Before, award);
            _payouts.Add(plan.Before, award);
            _outbox.AddTriggered(plan.Before, award, now);
        }

        foreach (var opened in plan.Opened)
        {
            _openCycles.Add(plan.After, opened);
        }

        if (plan.ChangesTerms)
        {
            _terms.Add(plan.After);
        }
    }
}
