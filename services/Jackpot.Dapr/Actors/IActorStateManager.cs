namespace Jackpot.Dapr.Actors;

/// <summary>A value that may be missing.</summary>
public readonly record struct ConditionalValue<TValue>(bool HasValue, TValue Value);

/// <summary>
/// The state of one actor: values by name, cached for the turn. Changes are written in one transaction when the turn has succeeded
/// or when <see cref="SaveStateAsync"/> is called. A time to live is in whole seconds and needs Dapr's feature ActorStateTTL.
/// </summary>
public interface IActorStateManager
{
    /// <summary>Adds a value. Throws <see cref="InvalidOperationException"/> when the name exists.</summary>
    Task AddStateAsync<T>(string stateName, T value, TimeSpan? ttl = null, CancellationToken cancellationToken = default);

    /// <summary>Reads a value. Throws <see cref="KeyNotFoundException"/> when the name does not exist.</summary>
    Task<T> GetStateAsync<T>(string stateName, CancellationToken cancellationToken = default);

    /// <summary>Writes a value, whether or not the name exists.</summary>
    Task SetStateAsync<T>(string stateName, T value, TimeSpan? ttl = null, CancellationToken cancellationToken = default);

    /// <summary>Removes a value. Throws <see cref="KeyNotFoundException"/> when the name does not exist.</summary>
    Task RemoveStateAsync(string stateName, CancellationToken cancellationToken = default);

    /// <summary>Adds a value. False when the name exists.</summary>
    Task<bool> TryAddStateAsync<T>(string stateName, T value, TimeSpan? ttl = null, CancellationToken cancellationToken = default);

    /// <summary>Reads a value that may be missing.</summary>
    Task<ConditionalValue<T>> TryGetStateAsync<T>(string stateName, CancellationToken cancellationToken = default);

    /// <summary>Removes a value. False when the name does not exist.</summary>
    Task<bool> TryRemoveStateAsync(string stateName, CancellationToken cancellationToken = default);

    /// <summary>Whether the name exists.</summary>
    Task<bool> ContainsStateAsync(string stateName, CancellationToken cancellationToken = default);

    /// <summary>Reads a value, adding this one first when the name does not exist.</summary>
    Task<T> GetOrAddStateAsync<T>(string stateName, T value, TimeSpan? ttl = null, CancellationToken cancellationToken = default);

    /// <summary>Adds a value, or changes the one that is there. Gives back the new value.</summary>
    Task<T> AddOrUpdateStateAsync<T>(string stateName, T addValue, Func<string, T, T> updateValueFactory, TimeSpan? ttl = null, CancellationToken cancellationToken = default);

    /// <summary>Forgets a cached value that was not changed; throws <see cref="InvalidOperationException"/> when it was.</summary>
    Task UnloadStateAsync(string stateName, CancellationToken cancellationToken = default);

    /// <summary>Forgets the cache together with every change that was not saved.</summary>
    Task ClearCacheAsync(CancellationToken cancellationToken = default);

    /// <summary>Writes all changes in one transaction; nothing is sent when there are none.</summary>
    Task SaveStateAsync(CancellationToken cancellationToken = default);
}
