using System.Data.Common;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Jackpot.Core.Pools;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Storage.Dedupe;
using Npgsql;

namespace Jackpot.Shard.Jackpots;

/// <summary>
/// Records batches: load, let Core decide, commit, answer. What it remembers between batches is a cache. When another activation has
/// moved a jackpot on, the fence refuses the commit; then everything is forgotten, read again and decided again.
/// </summary>
internal sealed partial class LaneLedger(LaneStore store, CycleVault vault, TimeProvider clock, Action committed, ILogger log)
{
    /// <summary>How often one batch is tried before its items are answered "unavailable".</summary>
    public const int AttemptsMax = 6;

    /// <summary>After duplicates were seen, how many batches look keys up before they insert them.</summary>
    const int LookUpsAfterDuplicates = 64;

    const string UniqueViolation = PostgresErrorCodes.UniqueViolation;
    const string FenceLost = "JP001";

    readonly Dictionary<int, LoadedJackpot> _jackpots = [];
    int _lookUps;

    public async Task<RecordedContribution[]> RecordAsync(ReadOnlyMemory<AcceptedContribution> items, CancellationToken ct)
    {
        var batch = new LaneBatch(items);
        for (var attempt = 1; attempt <= AttemptsMax && batch.Open.Count > 0; attempt++)
        {
            try
            {
                await RecordOpenAsync(batch, ct);
            }
            catch (PostgresException e) when (e.SqlState is FenceLost or UniqueViolation)
            {
                // The connection is sound; somebody else has stored one of the keys or moved one of the jackpots.
                _jackpots.Clear();
                _lookUps = LookUpsAfterDuplicates;
                if (e.SqlState == FenceLost)
                {
                    LogFenceLost(log, attempt);
                }
            }
            catch (PostgresException e) when (e.SqlState == DedupeWindows.Moved)
            {
                // Nothing was decided wrongly; the keys only go to another window, and the one before it must be looked into.
                await store.RefreshWindowsAsync(ct);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CheckViolation && e.ConstraintName is null)
            {
                // No partition takes today's rows: the keeper has not run for days, or the clock has jumped.
                LogPartitionMissing(log, e.MessageText);
                await store.MakePartitionsAsync(ct);
            }
            catch (DbException e)
            {
                _jackpots.Clear();
                _lookUps = LookUpsAfterDuplicates;
                LogCommitInDoubt(log, attempt, e);
                await store.ResetAsync();
                if (RefusesConnections(e))
                {
                    break;
                }
            }
            catch
            {
                _jackpots.Clear();
                _lookUps = LookUpsAfterDuplicates;
                await store.ResetAsync();
                throw;
            }
        }

        return batch.Answers();
    }

    /// <summary>
    /// Nobody listens, or the server starts, recovers or stops. The next tries of this batch would be refused as well, and what refusing costs
    /// (a server process each) is taken from the recovery that everybody waits for.
    /// </summary>
    static bool RefusesConnections(DbException e) => e is PostgresException
        ? e.SqlState == PostgresErrorCodes.CannotConnectNow
        : e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };

    async Task RecordOpenAsync(LaneBatch batch, CancellationToken ct)
    {
        await LoadMissingAsync(batch, ct);
        if (_lookUps > 0 || batch.Open.Exists(item => !IsActive(batch.Items.Span[item].Jackpot)))
        {
            await AnswerStoredAsync(batch, ct);
        }

        AnswerPaused(batch);
        while (batch.Open.Count > 0)
        {
            var plans = Decide(batch);
            if (plans.Count == 0)
            {
                return;
            }

            await store.CommitAsync(plans, batch.Items, ct);
            Apply(plans, batch);
            if (!BenchSwitches.LeaveOutOutbox(plans))
            {
                committed();
            }
        }
    }

    async Task LoadMissingAsync(LaneBatch batch, CancellationToken ct)
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
            foreach (var jackpot in await store.LoadAsync(missing, ct))
            {
                _jackpots[jackpot.Number] = jackpot;
            }
        }
    }

    bool IsActive(int jackpot) => _jackpots.TryGetValue(jackpot, out var loaded) && loaded.State.Status == JackpotStatus.Active;

    async Task AnswerStoredAsync(LaneBatch batch, CancellationToken ct)
    {
        var stored = await store.FindStoredAsync([.. batch.Open.Select(item => batch.Items.Span[item].Key16)], ct);
        _lookUps = stored.Count > 0 ? LookUpsAfterDuplicates : Math.Max(0, _lookUps - 1);
        if (stored.Count == 0)
        {
            return;
        }

        await store.FlushAsync(ct);
        foreach (var item in batch.Open)
        {
            ref readonly var contribution = ref batch.Items.Span[item];
            if (stored.TryGetValue(contribution.Key16, out var first))
            {
                batch.Answer(item, first.AnswerTo(contribution));
            }
        }

        batch.CloseAnswered();
    }

    void AnswerPaused(LaneBatch batch)
    {
        foreach (var item in batch.Open)
        {
            if (_jackpots.TryGetValue(batch.Items.Span[item].Jackpot, out var jackpot) && jackpot.State.Status != JackpotStatus.Active)
            {
                batch.Answer(item, new RecordedContribution { Kind = RecordedKind.Paused });

                // Nobody tells this cache when the jackpot is resumed.
                _jackpots.Remove(batch.Items.Span[item].Jackpot);
            }
        }

        batch.CloseAnswered();
    }

    /// <summary>One plan per jackpot that has open items. A jackpot whose rules cannot decide leaves its own items in doubt, not the others'.</summary>
    List<JackpotPlan> Decide(LaneBatch batch)
    {
        var byJackpot = new Dictionary<int, List<int>>();
        foreach (var item in batch.Open)
        {
            ref var items = ref CollectionsMarshal.GetValueRefOrAddDefault(byJackpot, batch.Items.Span[item].Jackpot, out _);
            (items ??= []).Add(item);
        }

        var plans = new List<JackpotPlan>(byJackpot.Count);
        foreach (var (number, items) in byJackpot.OrderBy(pair => pair.Key))
        {
            if (TryPlan(number, items, batch) is { } plan)
            {
                plans.Add(plan);
            }
        }

        batch.CloseAnswered();
        return plans;
    }

    JackpotPlan? TryPlan(int number, List<int> items, LaneBatch batch)
    {
        try
        {
            return _jackpots.TryGetValue(number, out var jackpot)
                ? JackpotPlan.Make(jackpot, batch.Items.Span, items, vault, clock.GetUtcNow())
                : throw new InvalidOperationException($"Jackpot number {number} has no rows.");
        }
        catch (Exception e) when (e is OverflowException or InvalidOperationException or ArgumentException)
        {
            LogRulesFailed(log, number, e);
            foreach (var item in items)
            {
                batch.Answer(item, new RecordedContribution { Kind = RecordedKind.Unavailable });
            }

            return null;
        }
    }

    void Apply(List<JackpotPlan> plans, LaneBatch batch)
    {
        foreach (var plan in plans)
        {
            _jackpots[plan.Before.Number] = plan.After;
            for (var i = 0; i < plan.Consumed.Length; i++)
            {
                batch.Answer(plan.Consumed[i], plan.AnswerOf(i));
            }
        }

        batch.CloseAnswered();
    }

    [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "Another activation moved a jackpot on (attempt {Attempt}); reading again")]
    static partial void LogFenceLost(ILogger logger, int attempt);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "Commit in doubt (attempt {Attempt}); looking what was stored")]
    static partial void LogCommitInDoubt(ILogger logger, int attempt, Exception exception);

    [LoggerMessage(EventId = 202, Level = LogLevel.Error, Message = "The rules could not decide for jackpot number {Jackpot}")]
    static partial void LogRulesFailed(ILogger logger, int jackpot, Exception exception);

    [LoggerMessage(EventId = 203, Level = LogLevel.Error, Message = "A partition was missing and is made now ({Said}); look why the partition keeper did not")]
    static partial void LogPartitionMissing(ILogger logger, string said);
}
