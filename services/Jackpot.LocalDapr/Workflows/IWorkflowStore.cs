namespace Jackpot.LocalDapr.Workflows;

/// <summary>Where workflow history lies: the actor state store of the app.</summary>
interface IWorkflowStore
{
    Task OpenAsync(CancellationToken cancellation);

    Task<StoredWorkflow?> LoadAsync(WorkflowKey key, CancellationToken cancellation);

    /// <summary>Instances of an app that have not ended.</summary>
    Task<IReadOnlyList<string>> UnfinishedAsync(string appNamespace, string appId, CancellationToken cancellation);

    /// <summary>Ids in their order, after one of them.</summary>
    Task<IReadOnlyList<string>> ListAsync(string appNamespace, string appId, string after, int most, CancellationToken cancellation);

    /// <summary>Creates an instance with its first events; what is stored under the id is replaced.</summary>
    Task CreateAsync(WorkflowRow row, IReadOnlyList<StoredEvent> history, IReadOnlyList<StoredEvent> inbox, CancellationToken cancellation);

    Task AddToInboxAsync(WorkflowKey key, StoredEvent stored, CancellationToken cancellation);

    /// <summary>False when the stored revision is another one: somebody else has moved the instance on.</summary>
    Task<bool> CommitAsync(TurnCommit commit, CancellationToken cancellation);

    Task DeleteAsync(WorkflowKey key, CancellationToken cancellation);
}

/// <summary>Sequences of inbox events: growing, also across restarts.</summary>
static class InboxSequence
{
    static long _last = DateTime.UtcNow.Ticks;

    public static long Next() => Interlocked.Increment(ref _last);
}
