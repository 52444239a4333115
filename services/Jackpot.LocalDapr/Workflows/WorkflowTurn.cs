using Dapr.DurableTask.Protobuf;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>What a turn came to: the commit, and the event the instance ended with if it did.</summary>
sealed record TurnResult(TurnCommit Commit, ExecutionCompletedEvent? End, string? Stalled, bool RecursesTermination);

/// <summary>
/// One turn: history and new events go to a worker, its actions become events. Continue-as-new runs on in the same turn, at most
/// 20 times; then what follows waits in the inbox for the next turn.
/// </summary>
sealed class WorkflowTurn(WorkflowInstance instance, WorkerPool workers, int bytesMax, TimeProvider clock)
{
    const int ContinuationsMax = 20;

    readonly IReadOnlyList<StoredEvent> _taken = instance.Inbox;
    WorkflowRow _row = instance.Row;
    IReadOnlyList<HistoryEvent> _past = instance.History;
    bool _clears;

    /// <exception cref="WorkerLostException">The worker has gone; the turn is redone.</exception>
    /// <exception cref="RejectedActionException">The worker asked for something that the engine does not do.</exception>
    public async Task<TurnResult> RunAsync(CancellationToken cancellation)
    {
        var news = Fresh();
        if (news.Count == 0)
        {
            return Result([], null, []);
        }
        if (instance.HistoryBytes + news.Sum(e => (long)e.CalculateSize()) > bytesMax * 0.95)
        {
            return Stall($"the history exceeds 95 % of the message limit of {bytesMax} bytes");
        }
        for (var loop = 1; ; loop++)
        {
            var now = clock.GetUtcNow();
            var started = HistoryEvents.Create(now).With(e => e.WorkflowStarted = new WorkflowStartedEvent());
            var response = await AskAsync([started, .. news], cancellation);
            var outcome = TurnOutcome.Of(_row.Key.InstanceId, _past, response, news, now);
            if (outcome.Stalled is { } reason)
            {
                return Stall(reason);
            }
            _row = _row with { CustomStatus = response.CustomStatus ?? _row.CustomStatus };
            if (outcome.ContinuesAsNew is not { } next)
            {
                started.WorkflowStarted.Version = response.Version;
                return Result([started, .. news, .. outcome.Events], outcome.End, []);
            }
            news = Continue(next, news, now);
            if (loop == ContinuationsMax)
            {
                return Result([], null, [.. news.Select(e => new StoredEvent(InboxSequence.Next(), e))]);
            }
        }
    }

    /// <summary>The inbox without results that nobody waits for any more: repeated ones, and those of an earlier generation.</summary>
    List<HistoryEvent> Fresh()
    {
        var open = OpenWork.Of(_past);
        var fresh = new List<HistoryEvent>();
        foreach (var stored in _taken)
        {
            if ((stored.Generation is null || stored.Generation == _row.Generation) && open.Expects(stored.Event))
            {
                fresh.Add(stored.Event);
                open.Apply(stored.Event);
            }
        }
        return fresh;
    }

    Task<WorkflowResponse> AskAsync(IEnumerable<HistoryEvent> newEvents, CancellationToken cancellation)
    {
        var request = new WorkflowRequest { InstanceId = _row.Key.InstanceId };
        request.PastEvents.AddRange(_past);
        request.NewEvents.AddRange(newEvents);
        return workers.RunAsync<WorkflowResponse>(WorkItemKeys.Workflow(_row.Key.InstanceId), new WorkItem { WorkflowRequest = request }, cancellation);
    }

    List<HistoryEvent> Continue(CompleteWorkflowAction next, List<HistoryEvent> news, DateTimeOffset now)
    {
        var before = _past.Concat(news).First(e => e.ExecutionStarted is not null).ExecutionStarted.Clone();
        before.Input = next.Result;
        before.Version = next.NewVersion ?? before.Version;
        before.ScheduledStartTimestamp = null;
        before.WorkflowInstance = new Dapr.DurableTask.Protobuf.WorkflowInstance { InstanceId = _row.Key.InstanceId, ExecutionId = Guid.NewGuid().ToString("N") };
        _past = [];
        _clears = true;
        _row = _row with { Generation = _row.Generation + 1 };
        return [HistoryEvents.Create(now).With(e => e.ExecutionStarted = before), .. next.CarryoverEvents];
    }

    TurnResult Stall(string reason) => new(
        new TurnCommit(instance.Row with { Status = OrchestrationStatus.Stalled, Updated = clock.GetUtcNow() }, false, [], [], []), null, reason, false);

    TurnResult Result(IReadOnlyList<HistoryEvent> history, ExecutionCompletedEvent? end, IReadOnlyList<StoredEvent> inbox)
    {
        var row = _row with { Status = end?.WorkflowStatus ?? StatusAfter(history), Updated = clock.GetUtcNow() };
        return new TurnResult(
            new TurnCommit(row, _clears, instance.Sequenced(history), [.. _taken.Select(stored => stored.Sequence)], inbox), end, null,
            end?.WorkflowStatus == OrchestrationStatus.Terminated && history.Any(e => e.ExecutionTerminated is { Recurse: true }));
    }

    OrchestrationStatus StatusAfter(IReadOnlyList<HistoryEvent> history)
    {
        var last = (_clears ? history : _past.Concat(history)).LastOrDefault(e => e.ExecutionSuspended is not null || e.ExecutionResumed is not null);
        return last?.ExecutionSuspended is not null ? OrchestrationStatus.Suspended
            : _row.Status == OrchestrationStatus.Pending && history.Count == 0 ? OrchestrationStatus.Pending
            : OrchestrationStatus.Running;
    }
}

/// <summary>How an item and its completion call find each other: completion tokens are empty in this engine.</summary>
static class WorkItemKeys
{
    public static string Workflow(string instanceId) => "workflow|" + instanceId;

    public static string Activity(string instanceId, int taskId) => $"activity|{instanceId}|{taskId}";
}
