using System.Data.Common;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Epochs;
using Jackpot.Ledger.Jackpots;
using Npgsql;

namespace Jackpot.Ledger.Batching;

/// <summary>
/// Records batches: load, let Core decide, commit, answer. What it remembers between batches is a cache. When another activation has
/// moved a jackpot on, the fence refuses the commit; then everything is forgotten, read again and decided again. Everything here blocks:
/// it runs on a <see cref="WorkerThread"/>.
/// </summary>
internal sealed class BatchLedger(BatchStore store, CycleVault vault, TimeProvider clock, Action raise, ILogger log)
{
    /// <summary>How often one batch is tried before its items are answered "unavailable".</summary>
    public const int AttemptsMax = 6;

    /// <summary>After duplicates were seen, how many batches look keys up before they insert them.</summary>
    const int LookUpsAfterDuplicates = 64;

    const string UniqueViolation = PostgresErrorCodes.UniqueViolation;
    const string FenceLost = "JP001";

    readonly Dictionary<int, LoadedJackpot> _jackpots = [];
    readonly BatchVoids _voids = new(store, raise);
    int _lookUps;
    PostgresException? _refused;

    /// <summary>Told when another writer has moved one of the jackpots on.</summary>
    public Action? Overtaken { get; init; }

    /// <summary>Records the items and answers every one of them.</summary>
    public RecordedContribution[] Record(ReadOnlyMemory<AcceptedContribution> items, CancellationToken ct)
    {
        var batch = new OpenBatch(items);
        Finish(batch, ct);
        return batch.Answers();
    }

    /// <summary>
    /// Decides the whole batch on what the jackpots will be once everything prepared before it is committed. Null when that takes more than
    /// deciding: rows must be read, keys looked up, or an item cannot be recorded. Then, or after <see cref="Land"/> said no,
    /// <see cref="Finish"/> does it step by step.
    /// </summary>
    public PreparedBatch? TryPrepare(OpenBatch batch)
    {
        if (batch.HasVoids || MustLookUp(batch))
        {
            return null;
        }

        var plans = new List<JackpotPlan>();
        foreach (var (number, items) in ByJackpot(batch))
        {
            if (TryPlan(number, items, batch) is not { } plan)
            {
                return null;
            }

            plans.Add(plan);
        }

        Advance(plans);
        return new PreparedBatch(batch, plans, store.Fill(plans, batch.Items.Span));
    }

    /// <summary>Commits, on whatever thread; one batch at a time, in the order of preparing.</summary>
    public void Commit(PreparedBatch prepared) => store.Commit(prepared.Commit);

    /// <summary>
    /// Commits, or waits for the thread that does, and answers what was taken. False when it may not have happened: then everything prepared after it is void too.
    /// </summary>
    public bool Land(PreparedBatch prepared, CancellationToken ct)
    {
        try
        {
            if (!prepared.TryAwait())
            {
                Commit(prepared);
            }

            Committed(prepared.Plans, prepared.Batch, ct);
            return true;
        }
        catch (Exception e)
        {
            if (!Recover(e, attempt: 1, ct))
            {
                throw;
            }

            return false;
        }
    }

    /// <summary>Records what is open in the batch, however often others get in between.</summary>
    public void Finish(OpenBatch batch, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= AttemptsMax && batch.Open.Count > 0; attempt++)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                RecordOpen(batch, ct);
            }
            catch (Exception e)
            {
                if (!Recover(e, attempt, ct))
                {
                    throw;
                }

                if (RefusesConnections(e))
                {
                    // Nor can anything be flushed: what was found stored stays in doubt, see OpenBatch.Answers.
                    return;
                }
            }
        }

        if (batch.Open.Count > 0 && _refused is { } refused)
        {
            BatchLog.GivenUp(log, batch.Open.Count, AttemptsMax, $"{refused.SqlState} {refused.ConstraintName} {refused.MessageText}");
        }

        if (batch.OwesFlush)
        {
            store.Flush(ct);
            batch.Flushed();
        }
    }

    /// <summary>Makes the ledger fit to try again, forgetting what can no longer be relied on. False when trying again is of no use.</summary>
    bool Recover(Exception fault, int attempt, CancellationToken ct)
    {
        switch (fault)
        {
            case PostgresException { SqlState: FenceLost or UniqueViolation } e:
                // The connection is sound; somebody else has stored one of the keys or moved one of the jackpots.
                Forget();
                _refused = e;
                if (e.SqlState == FenceLost)
                {
                    BatchLog.FenceLost(log, attempt);
                    Overtaken?.Invoke();
                }

                return true;
            case PostgresException { SqlState: DedupeWindows.Moved }:
                // Nothing was decided wrongly; the keys only go to another window, and the one before it must be looked into.
                _jackpots.Clear();
                store.RefreshWindows(ct);
                return true;
            case PostgresException { SqlState: ShardEpochs.Over }:
                // The database was promoted or restored under this process; what is remembered of it may never have happened there.
                Forget();
                store.EnterEpoch(ct);
                return true;
            case PostgresException { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: null } e:
                // No partition takes today's rows: the keeper has not run for days, or the clock has jumped.
                _jackpots.Clear();
                BatchLog.PartitionMissing(log, e.MessageText);
                store.MakePartitions(ct);
                return true;
            case DbException:
                Forget();
                BatchLog.CommitInDoubt(log, attempt, fault);
                store.Reset();
                return true;
            default:
                Forget();
                store.Reset();
                return false;
        }
    }

    /// <summary>
    /// Nobody listens, or the server starts, recovers or stops. The next tries of this batch would be refused as well, and what refusing costs
    /// (a server process each) is taken from the recovery that everybody waits for.
    /// </summary>
    static bool RefusesConnections(Exception e) => e is PostgresException refusal
        ? refusal.SqlState == PostgresErrorCodes.CannotConnectNow
        : e is NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } };

    void Forget()
    {
        _jackpots.Clear();
        _lookUps = LookUpsAfterDuplicates;
    }

    void RecordOpen(OpenBatch batch, CancellationToken ct)
    {
        LoadMissing(batch, ct);
        if (MustLookUp(batch))
        {
            AnswerStored(batch, ct);
        }

        AnswerPaused(batch);
        while (batch.HasOpenBets)
        {
            var plans = Decide(batch);
            if (plans.Count == 0)
            {
                continue;
            }

            store.Commit(store.Fill(plans, batch.Items.Span));
            batch.Flushed();
            Advance(plans);
            Committed(plans, batch, ct);
        }

        _voids.Record(batch, _jackpots, ct);
    }

    void LoadMissing(OpenBatch batch, CancellationToken ct)
    {
        var missing = new HashSet<int>();
        foreach (var item in batch.Open)
        {
            if (!_jackpots.ContainsKey(batch.Items.Span[item].Jackpot))
            {
                missing.Add(batch.Items.Span[item].Jackpot);
            }
        }

        if (missing.Count > 0)
        {
            foreach (var jackpot in store.Load(missing, ct))
            {
                _jackpots[jackpot.Number] = jackpot;
            }
        }
    }

    bool MustLookUp(OpenBatch batch) => _lookUps > 0 || batch.Open.Exists(item => !IsActive(batch.Items.Span[item].Jackpot));

    bool IsActive(int jackpot) => _jackpots.TryGetValue(jackpot, out var loaded) && loaded.State.Status == JackpotStatus.Active;

    void AnswerStored(OpenBatch batch, CancellationToken ct)
    {
        var stored = store.FindStored([.. batch.Open.Select(item => StoredName.Of(batch.Items.Span[item]))], ct);
        _lookUps = stored.Count > 0 ? LookUpsAfterDuplicates : Math.Max(0, _lookUps - 1);
        if (stored.Count == 0)
        {
            return;
        }

        var takenBack = batch.AnswerFound(stored);
        batch.CloseAnswered();
        if (takenBack.Count > 0)
        {
            var reduced = store.ReduceByWaiting(batch.Arrived, takenBack, ct);

            // Met by another commit a moment ago, or a claim that nobody explains: it must not keep the others of its batch from being recorded.
            foreach (var item in takenBack.Where(item => reduced[item].Waiting is null))
            {
                BatchLog.ClaimUnexplained(log, reduced[item].TenantId);
                batch.Answer(item, RecordedContribution.Unavailable);
            }

            batch.Reduce(reduced);
            batch.CloseAnswered();
        }
    }

    void AnswerPaused(OpenBatch batch)
    {
        foreach (var item in batch.Open)
        {
            if (batch.Items.Span[item].Void is null && _jackpots.TryGetValue(batch.Items.Span[item].Jackpot, out var jackpot) && jackpot.State.Status != JackpotStatus.Active)
            {
                batch.Answer(item, new RecordedContribution { Kind = RecordedKind.Paused });

                // Nobody tells this cache when the jackpot is resumed.
                _jackpots.Remove(batch.Items.Span[item].Jackpot);
            }
        }

        batch.CloseAnswered();
    }

    /// <summary>
    /// One plan per jackpot that has open items. An item that the rules cannot decide, for example because the pool's amount would no longer fit,
    /// is in doubt by itself: those before it are decided without it, those after it in the next round.
    /// </summary>
    List<JackpotPlan> Decide(OpenBatch batch)
    {
        var plans = new List<JackpotPlan>();
        foreach (var (number, items) in ByJackpot(batch))
        {
            if (PlanMost(number, items, batch) is { } plan)
            {
                plans.Add(plan);
                continue;
            }

            // Of a jackpot without rows no other item can be decided either.
            foreach (var item in _jackpots.ContainsKey(number) ? items[..1] : items)
            {
                batch.Answer(item, RecordedContribution.Unavailable);
            }
        }

        batch.CloseAnswered();
        return plans;
    }

    /// <summary>A plan for as many of the first items as can be decided together, halving until they can. Null when not even the first can.</summary>
    JackpotPlan? PlanMost(int number, List<int> items, OpenBatch batch)
    {
        for (var count = items.Count; count > 0; count /= 2)
        {
            if (TryPlan(number, items[..count], batch) is { } plan)
            {
                return plan;
            }
        }

        return null;
    }

    /// <summary>The open bets of each jackpot, in the one order in which all writers lock them.</summary>
    static IEnumerable<KeyValuePair<int, List<int>>> ByJackpot(OpenBatch batch)
    {
        var byJackpot = new Dictionary<int, List<int>>();
        foreach (var item in batch.Open)
        {
            if (batch.Items.Span[item].Void is not null)
            {
                continue;
            }

            ref var items = ref CollectionsMarshal.GetValueRefOrAddDefault(byJackpot, batch.Items.Span[item].Jackpot, out _);
            (items ??= []).Add(item);
        }

        return byJackpot.OrderBy(pair => pair.Key);
    }

    JackpotPlan? TryPlan(int number, List<int> items, OpenBatch batch)
    {
        try
        {
            return _jackpots.TryGetValue(number, out var jackpot)
                ? JackpotPlan.Make(jackpot, batch.Items.Span, items, vault, clock.GetUtcNow())
                : throw new InvalidOperationException($"Jackpot number {number} has no rows.");
        }
        catch (Exception e) when (e is OverflowException or InvalidOperationException or ArgumentException)
        {
            // Several are tried in smaller parts, and the one at fault is named when it is alone.
            if (items.Count == 1)
            {
                BatchLog.RulesFailed(log, number, e);
            }

            return null;
        }
    }

    void Advance(List<JackpotPlan> plans)
    {
        foreach (var plan in plans)
        {
            _jackpots[plan.Before.Number] = plan.After;
        }
    }

    void Committed(List<JackpotPlan> plans, OpenBatch batch, CancellationToken ct)
    {
        if (!BenchSwitches.LeaveOutOutbox(plans))
        {
            raise();
        }

        foreach (var plan in plans)
        {
            for (var i = 0; i < plan.Consumed.Length; i++)
            {
                batch.Answer(plan.Consumed[i], plan.AnswerOf(i));
            }
        }

        batch.CloseAnswered();
        store.Tell(plans, ct);
    }
}
