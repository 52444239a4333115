using System.Globalization;
using System.Net;
using System.Text.Json;
using Jackpot.Dapr.Client;

namespace Jackpot.Dapr.Actors;

/// <summary>The per-turn cache over the sidecar's actor state. Not safe for concurrent use; the turn is its lock.</summary>
internal sealed class ActorStateManager(ActorHost host) : IActorStateManager
{
    enum Change
    {
        None,
        Write,
        Remove,
    }

    Dictionary<string, Entry> _cache = new(StringComparer.Ordinal);

    public async Task AddStateAsync<T>(string stateName, T value, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        if (!await TryAddStateAsync(stateName, value, ttl, cancellationToken))
        {
            throw new InvalidOperationException($"State '{stateName}' of actor {host.ActorTypeInfo.ActorTypeName}/{host.Id} exists already.");
        }
    }

    public async Task<T> GetStateAsync<T>(string stateName, CancellationToken cancellationToken)
    {
        var found = await TryGetStateAsync<T>(stateName, cancellationToken);
        return found.HasValue ? found.Value : throw Missing(stateName);
    }

    public Task SetStateAsync<T>(string stateName, T value, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        _cache[stateName] = new Entry(value, Change.Write, true, ttl);
        return Task.CompletedTask;
    }

    public async Task RemoveStateAsync(string stateName, CancellationToken cancellationToken)
    {
        if (!await TryRemoveStateAsync(stateName, cancellationToken))
        {
            throw Missing(stateName);
        }
    }

    public async Task<bool> TryAddStateAsync<T>(string stateName, T value, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        if (await ContainsStateAsync(stateName, cancellationToken))
        {
            return false;
        }

        await SetStateAsync(stateName, value, ttl, cancellationToken);
        return true;
    }

    public async Task<ConditionalValue<T>> TryGetStateAsync<T>(string stateName, CancellationToken cancellationToken)
    {
        var entry = await LoadAsync(stateName, cancellationToken);
        if (!entry.Exists)
        {
            return new ConditionalValue<T>(false, default!);
        }

        if (entry.Value is JsonElement json && typeof(T) != typeof(JsonElement))
        {
            // What came from the store is text until somebody says its type; from then on the same object is handed out.
            entry = entry with { Value = json.Deserialize<T>(host.JsonSerializerOptions) };
            _cache[stateName] = entry;
        }

        return entry.Value is T or null
            ? new ConditionalValue<T>(true, (T)entry.Value!)
            : throw new InvalidCastException($"State '{stateName}' is {entry.Value.GetType()} in this turn and was asked for as {typeof(T)}.");
    }

    public async Task<bool> TryRemoveStateAsync(string stateName, CancellationToken cancellationToken)
    {
        if (!await ContainsStateAsync(stateName, cancellationToken))
        {
            return false;
        }

        _cache[stateName] = new Entry(null, Change.Remove, false, null);
        return true;
    }

    public async Task<bool> ContainsStateAsync(string stateName, CancellationToken cancellationToken) => (await LoadAsync(stateName, cancellationToken)).Exists;

    public async Task<T> GetOrAddStateAsync<T>(string stateName, T value, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        await TryAddStateAsync(stateName, value, ttl, cancellationToken);
        return await GetStateAsync<T>(stateName, cancellationToken);
    }

    public async Task<T> AddOrUpdateStateAsync<T>(string stateName, T addValue, Func<string, T, T> updateValueFactory, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        var current = await TryGetStateAsync<T>(stateName, cancellationToken);
        var value = current.HasValue ? updateValueFactory(stateName, current.Value) : addValue;
        await SetStateAsync(stateName, value, ttl, cancellationToken);
        return value;
    }

    public Task UnloadStateAsync(string stateName, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(stateName, out var entry) && entry.Change != Change.None)
        {
            throw new InvalidOperationException($"State '{stateName}' has a change that was not saved; unloading it would lose the change.");
        }

        _cache.Remove(stateName);
        return Task.CompletedTask;
    }

    public Task ClearCacheAsync(CancellationToken cancellationToken)
    {
        _cache.Clear();
        return Task.CompletedTask;
    }

    public async Task SaveStateAsync(CancellationToken cancellationToken)
    {
        var changes = _cache.Where(item => item.Value.Change != Change.None).ToList();
        if (changes.Count == 0)
        {
            return;
        }

        var operations = changes.Select(item => item.Value.Change == Change.Remove
            ? new StateWire.Operation("delete", new StateWire.Item(item.Key, null, null, null, null))
            : new StateWire.Operation("upsert", new StateWire.Item(item.Key, ToJson(item.Value.Value), null, MetadataOf(item.Value.Ttl), null)));
        await host.Sidecar.CallAsync(HttpMethod.Post, StatePath(), host.Sidecar.Json(operations), cancellationToken);
        foreach (var (name, entry) in changes)
        {
            _cache[name] = entry with { Change = Change.None };
        }
    }

    /// <summary>A reentrant call that fails takes back its own changes and not those of the call around it.</summary>
    public object TakeSnapshot() => new Dictionary<string, Entry>(_cache, StringComparer.Ordinal);

    public void RestoreSnapshot(object snapshot) => _cache = (Dictionary<string, Entry>)snapshot;

    static Dictionary<string, string>? MetadataOf(TimeSpan? ttl) =>
        ttl is { } time ? new() { ["ttlInSeconds"] = ((long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture) } : null;

    async ValueTask<Entry> LoadAsync(string stateName, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(stateName, out var cached))
        {
            return cached;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, StatePath(stateName));
        using var response = await host.Sidecar.SendOkAsync(request, cancellationToken);
        var entry = response.StatusCode == HttpStatusCode.NoContent
            ? new Entry(null, Change.None, false, null)
            : new Entry(await host.Sidecar.ReadJsonAsync<JsonElement>(response, cancellationToken), Change.None, true, null);
        _cache[stateName] = entry;
        return entry;
    }

    JsonElement ToJson(object? value) => JsonSerializer.SerializeToElement(value, value?.GetType() ?? typeof(object), host.JsonSerializerOptions);

    string StatePath(string? key = null) =>
        key is null
            ? SidecarPath.Of("actors", host.ActorTypeInfo.ActorTypeName, host.Id.GetId(), "state")
            : SidecarPath.Of("actors", host.ActorTypeInfo.ActorTypeName, host.Id.GetId(), "state", key);

    KeyNotFoundException Missing(string stateName) => new($"Actor {host.ActorTypeInfo.ActorTypeName}/{host.Id} has no state '{stateName}'.");

    sealed record Entry(object? Value, Change Change, bool Exists, TimeSpan? Ttl);
}
