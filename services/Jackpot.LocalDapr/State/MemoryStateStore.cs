using System.Globalization;

namespace Jackpot.LocalDapr.State;

/// <summary><c>state.in-memory</c>: belongs to one sidecar and is lost with it.</summary>
sealed class MemoryStateStore(TimeProvider clock) : IStateStore
{
    readonly Lock _lock = new();
    readonly Dictionary<string, StateItem> _items = [];
    long _lastETag;

    public Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask<StateItem?> GetAsync(string key, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(Live(key));
        }
    }

    public ValueTask<StateItem?[]> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(keys.Select(Live).ToArray());
        }
    }

    public ValueTask WriteAsync(IReadOnlyList<StateOperation> operations, CancellationToken cancellation)
    {
        lock (_lock)
        {
            foreach (var operation in operations)
            {
                Check(operation);
            }
            foreach (var operation in operations)
            {
                Apply(operation);
            }
        }
        return ValueTask.CompletedTask;
    }

    StateItem? Live(string key) =>
        _items.TryGetValue(key, out var item) && (item.ExpiresAt is null || item.ExpiresAt > clock.GetUtcNow()) ? item : null;

    void Check(StateOperation operation)
    {
        var stored = Live(operation.Key);
        if (operation.ETag is { } etag && stored?.ETag != etag)
        {
            throw new StateConflictException(StateConflict.ETagMismatch, operation.Key);
        }
        if (operation is { ETag: null, FirstWrite: true, Value: not null } && stored is not null)
        {
            throw new StateConflictException(StateConflict.ETagMismatch, operation.Key);
        }
    }

    void Apply(StateOperation operation)
    {
        if (operation.Value is not { } value)
        {
            _items.Remove(operation.Key);
            return;
        }
        var etag = (++_lastETag).ToString(CultureInfo.InvariantCulture);
        _items[operation.Key] = new StateItem(value, etag, operation.TimeToLive is { } ttl ? clock.GetUtcNow() + ttl : null);
    }
}
