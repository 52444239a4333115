namespace Jackpot.LocalDapr.Workflows;

/// <summary>Workflows of an app whose actor state store is <c>state.in-memory</c>: lost with the process.</summary>
sealed class MemoryWorkflowStore : IWorkflowStore
{
    readonly Lock _lock = new();
    readonly Dictionary<WorkflowKey, (WorkflowRow Row, List<StoredEvent> History, List<StoredEvent> Inbox)> _instances = [];

    public Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<StoredWorkflow?> LoadAsync(WorkflowKey key, CancellationToken cancellation) => Locked(() =>
        _instances.TryGetValue(key, out var found) ? new StoredWorkflow(found.Row, [.. found.History], [.. found.Inbox]) : null);

    public Task<IReadOnlyList<string>> UnfinishedAsync(string appNamespace, string appId, CancellationToken cancellation) => Locked(() =>
        (IReadOnlyList<string>)[.. _instances.Values.Where(entry => entry.Row.Key.AppId == appId && entry.Row.Key.Namespace == appNamespace && !entry.Row.IsTerminal).Select(entry => entry.Row.Key.InstanceId)]);

    public Task<IReadOnlyList<string>> ListAsync(string appNamespace, string appId, string after, int most, CancellationToken cancellation) => Locked(() =>
        (IReadOnlyList<string>)[.. _instances.Keys.Where(key => key.AppId == appId && key.Namespace == appNamespace && string.CompareOrdinal(key.InstanceId, after) > 0)
            .Select(key => key.InstanceId).Order(StringComparer.Ordinal).Take(most)]);

    public Task CreateAsync(WorkflowRow row, IReadOnlyList<StoredEvent> history, IReadOnlyList<StoredEvent> inbox, CancellationToken cancellation) => Locked(() =>
        _instances[row.Key] = (row, [.. history], [.. inbox]));

    public Task AddToInboxAsync(WorkflowKey key, StoredEvent stored, CancellationToken cancellation) => Locked(() =>
    {
        if (_instances.TryGetValue(key, out var found))
        {
            found.Inbox.Add(stored);
        }
        return true;
    });

    public Task<bool> CommitAsync(TurnCommit commit, CancellationToken cancellation) => Locked(() =>
    {
        if (!_instances.TryGetValue(commit.Row.Key, out var found) || found.Row.Revision != commit.Row.Revision)
        {
            return false;
        }
        found.Inbox.RemoveAll(stored => commit.TakenFromInbox.Contains(stored.Sequence));
        _instances[commit.Row.Key] = (
            commit.Row with { Revision = commit.Row.Revision + 1 }, commit.ClearsHistory ? [.. commit.NewHistory] : [.. found.History, .. commit.NewHistory], found.Inbox);
        found.Inbox.AddRange(commit.Inbox);
        return true;
    });

    public Task DeleteAsync(WorkflowKey key, CancellationToken cancellation) => Locked(() => _instances.Remove(key));

    Task<T> Locked<T>(Func<T> action)
    {
        lock (_lock)
        {
            return Task.FromResult(action());
        }
    }
}
