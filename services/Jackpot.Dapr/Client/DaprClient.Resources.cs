namespace Jackpot.Dapr.Client;

public sealed partial class DaprClient
{
    /// <summary>Reads a secret: its keys and values, usually one. Empty when the store has no such secret.</summary>
    /// <exception cref="DaprApiException">401 the store is unknown, 403 the secret is out of this app's scope.</exception>
    public async Task<Dictionary<string, string>> GetSecretAsync(
        string storeName, string key, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        await _sidecar.CallAsync<Dictionary<string, string>>(
            HttpMethod.Get, SidecarPath.Of("secrets", storeName, key).WithMetadata(metadata), null, cancellationToken) ?? [];

    /// <summary>Reads all secrets of a store that this app may see.</summary>
    public async Task<Dictionary<string, Dictionary<string, string>>> GetBulkSecretAsync(
        string storeName, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        await _sidecar.CallAsync<Dictionary<string, Dictionary<string, string>>>(
            HttpMethod.Get, SidecarPath.Of("secrets", storeName, "bulk").WithMetadata(metadata), null, cancellationToken) ?? [];

    /// <summary>Runs an operation of an output binding.</summary>
    public Task InvokeBindingAsync<TRequest>(
        string bindingName, string operation, TRequest data, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        _sidecar.CallAsync(HttpMethod.Post, SidecarPath.Of("bindings", bindingName), BindingBody(operation, data, metadata), cancellationToken);

    /// <summary>Runs an operation of an output binding and reads its JSON answer.</summary>
    public Task<TResponse?> InvokeBindingAsync<TRequest, TResponse>(
        string bindingName, string operation, TRequest data, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        _sidecar.CallAsync<TResponse>(HttpMethod.Post, SidecarPath.Of("bindings", bindingName), BindingBody(operation, data, metadata), cancellationToken);

    /// <summary>Reads configuration items; no keys means all.</summary>
    public async Task<IReadOnlyDictionary<string, ConfigurationItem>> GetConfiguration(
        string storeName, IReadOnlyList<string> keys, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        var path = keys.Aggregate(SidecarPath.Of("configuration", storeName), (sofar, key) => sofar.WithQuery("key", key)).WithMetadata(metadata);
        return await _sidecar.CallAsync<Dictionary<string, ConfigurationItem>>(HttpMethod.Get, path, null, cancellationToken) ?? [];
    }

    /// <summary>Takes a lock for a limited time. False when somebody else has it. Alpha in Dapr 1.18.</summary>
    /// <param name="storeName">The lock component.</param>
    /// <param name="resourceId">What is locked.</param>
    /// <param name="lockOwner">Who locks; needed to unlock.</param>
    /// <param name="expiryInSeconds">After this the lock is free again, unlocked or not.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    public async Task<bool> Lock(string storeName, string resourceId, string lockOwner, int expiryInSeconds, CancellationToken cancellationToken = default) =>
        (await _sidecar.CallAsync<LockAnswer>(
            HttpMethod.Post, $"/v1.0-alpha1/lock/{Uri.EscapeDataString(storeName)}", _sidecar.Json(new { resourceId, lockOwner, expiryInSeconds }), cancellationToken))?.Success == true;

    /// <summary>Gives a lock back. False when this owner does not have it.</summary>
    public async Task<bool> Unlock(string storeName, string resourceId, string lockOwner, CancellationToken cancellationToken = default) =>
        (await _sidecar.CallAsync<UnlockAnswer>(
            HttpMethod.Post, $"/v1.0-alpha1/unlock/{Uri.EscapeDataString(storeName)}", _sidecar.Json(new { resourceId, lockOwner }), cancellationToken))?.Status == 0;

    HttpContent BindingBody<TRequest>(string operation, TRequest data, IReadOnlyDictionary<string, string>? metadata) =>
        _sidecar.Json(new { data, metadata, operation });

    sealed record LockAnswer(bool Success);

    sealed record UnlockAnswer(int Status);
}

/// <summary>A configuration value.</summary>
public sealed record ConfigurationItem(string Value, string Version, IReadOnlyDictionary<string, string>? Metadata);
