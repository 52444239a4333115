using Dapr.DurableTask.Protobuf;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>Names an instance: workflows of two apps never meet under one id.</summary>
readonly record struct WorkflowKey(string Namespace, string AppId, string InstanceId);

/// <summary>The row of an instance. Its revision guards the commit of a turn, as the etag of the metadata key does in real Dapr.</summary>
sealed record WorkflowRow(
    WorkflowKey Key,
    string Name,
    OrchestrationStatus Status,
    int Generation,
    string? CustomStatus,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    long Revision)
{
    public bool IsTerminal => Status is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated or OrchestrationStatus.Canceled;
}

/// <summary>A stored event with its place in the history or in the inbox.</summary>
/// <param name="Sequence">Grows within the instance.</param>
/// <param name="Event">The event.</param>
/// <param name="Generation">Results belong to one generation of the instance and are dropped in the next; null = any.</param>
readonly record struct StoredEvent(long Sequence, HistoryEvent Event, int? Generation = null);

/// <summary>An instance with everything that is stored of it.</summary>
sealed record StoredWorkflow(WorkflowRow Row, IReadOnlyList<StoredEvent> History, IReadOnlyList<StoredEvent> Inbox);

/// <summary>What one turn changes, all or nothing.</summary>
/// <param name="Row">The row as it shall be; its revision is still the old one, and the commit fails when another is stored.</param>
/// <param name="ClearsHistory">Continue-as-new: the old history goes.</param>
/// <param name="NewHistory">Events to append.</param>
/// <param name="TakenFromInbox">Sequences of the inbox events that this turn has used up.</param>
/// <param name="Inbox">Events for the next turn.</param>
sealed record TurnCommit(
    WorkflowRow Row, bool ClearsHistory, IReadOnlyList<StoredEvent> NewHistory, IReadOnlyList<long> TakenFromInbox, IReadOnlyList<StoredEvent> Inbox);
