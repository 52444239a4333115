using System.Net;
using System.Text.Json;

namespace Jackpot.Dapr.Client;

public sealed partial class DaprClient
{
    /// <summary>Reads a value; default when the key does not exist.</summary>
    public async Task<TValue?> GetStateAsync<TValue>(
        string storeName, string key, ConsistencyMode? consistencyMode = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        (await GetStateAndETagAsync<TValue>(storeName, key, consistencyMode, metadata, cancellationToken)).Value;

    /// <summary>Reads a value and its etag; default and an empty etag when the key does not exist.</summary>
    public async Task<(TValue? Value, string ETag)> GetStateAndETagAsync<TValue>(
        string storeName, string key, ConsistencyMode? consistencyMode = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        var path = SidecarPath.Of("state", storeName, key).WithQuery("consistency", StateWire.ConsistencyText(consistencyMode)).WithMetadata(metadata);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await _sidecar.SendOkAsync(request, cancellationToken);
        var etag = response.Headers.TryGetValues("ETag", out var values) ? values.First().Trim('"') : "";
        return (await _sidecar.ReadJsonAsync<TValue>(response, cancellationToken), etag);
    }

    /// <summary>Writes a value, whatever is there.</summary>
    public Task SaveStateAsync<TValue>(
        string storeName, string key, TValue value, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        SaveBulkStateAsync(storeName, [new SaveStateItem<TValue>(key, value, null, stateOptions, metadata)], cancellationToken);

    /// <summary>Writes a value if the key still has this etag. False when it has another one.</summary>
    public async Task<bool> TrySaveStateAsync<TValue>(
        string storeName, string key, TValue value, string etag, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var options = stateOptions ?? new StateOptions { Concurrency = ConcurrencyMode.FirstWrite };
            await SaveBulkStateAsync(storeName, [new SaveStateItem<TValue>(key, value, etag, options, metadata)], cancellationToken);
            return true;
        }
        catch (DaprApiException mismatch) when (mismatch.Status == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>Writes several values. Not one transaction: some may have been written when it fails.</summary>
    public Task SaveBulkStateAsync<TValue>(string storeName, IReadOnlyList<SaveStateItem<TValue>> items, CancellationToken cancellationToken = default)
    {
        var wire = items.Select(item => new StateWire.Item(item.Key, ToJson(item.Value), item.ETag, item.Metadata, StateWire.Options.Of(item.StateOptions)));
        return _sidecar.CallAsync(HttpMethod.Post, SidecarPath.Of("state", storeName), _sidecar.Json(wire), cancellationToken);
    }

    /// <summary>Reads several keys; the order of the answer is the store's.</summary>
    /// <exception cref="DaprApiException">The call failed, or one of its keys could not be read.</exception>
    public async Task<IReadOnlyList<BulkStateItem<TValue>>> GetBulkStateAsync<TValue>(
        string storeName, IReadOnlyList<string> keys, int? parallelism = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        var got = await _sidecar.CallAsync<List<StateWire.BulkGot>>(
            HttpMethod.Post, SidecarPath.Of("state", storeName, "bulk"), _sidecar.Json(new StateWire.BulkGet(keys, parallelism ?? 10, metadata)), cancellationToken) ?? [];
        return got.Find(item => !string.IsNullOrEmpty(item.Error)) is { } failed
            ? throw new DaprApiException(DaprOutcome.InDoubt, HttpStatusCode.OK, null, $"Key '{failed.Key}' of store '{storeName}' could not be read: {failed.Error}")
            : [.. got.Select(item => new BulkStateItem<TValue>(item.Key, FromJson<TValue>(item.Data), item.Etag ?? ""))];
    }

    /// <summary>Deletes a key; no error when it does not exist.</summary>
    public Task DeleteStateAsync(
        string storeName, string key, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        DeleteAsync(storeName, key, null, stateOptions, metadata, cancellationToken);

    /// <summary>Deletes a key if it still has this etag. False when it has another one.</summary>
    public async Task<bool> TryDeleteStateAsync(
        string storeName, string key, string etag, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        try
        {
            await DeleteAsync(storeName, key, etag, stateOptions, metadata, cancellationToken);
            return true;
        }
        catch (DaprApiException mismatch) when (mismatch.Status == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>Runs all operations or none. Any failure, a wrong etag too, is an exception with status 500.</summary>
    public Task ExecuteStateTransactionAsync(
        string storeName, IReadOnlyList<StateTransactionRequest> operations, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        var wire = operations.Select(operation => new StateWire.Operation(
            operation.OperationType == StateOperationType.Upsert ? "upsert" : "delete",
            new StateWire.Item(operation.Key, Parse(operation.Value), operation.ETag, operation.Metadata, StateWire.Options.Of(operation.Options))));
        return _sidecar.CallAsync(
            HttpMethod.Post, SidecarPath.Of("state", storeName, "transaction"), _sidecar.Json(new StateWire.Transaction([.. wire], metadata)), cancellationToken);
    }

    static JsonElement? Parse(byte[]? json) => json is null ? null : JsonSerializer.Deserialize<JsonElement>(json);

    JsonElement ToJson<TValue>(TValue value) => JsonSerializer.SerializeToElement(value, _sidecar.Options.JsonSerializerOptions);

    TValue? FromJson<TValue>(JsonElement? json) =>
        json is { ValueKind: not JsonValueKind.Undefined and not JsonValueKind.Null } value ? value.Deserialize<TValue>(_sidecar.Options.JsonSerializerOptions) : default;

    async Task DeleteAsync(
        string storeName, string key, string? etag, StateOptions? options, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        var path = SidecarPath.Of("state", storeName, key)
            .WithQuery("concurrency", StateWire.ConcurrencyText(options?.Concurrency))
            .WithQuery("consistency", StateWire.ConsistencyText(options?.Consistency))
            .WithMetadata(metadata);
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        }

        using var response = await _sidecar.SendOkAsync(request, cancellationToken);
    }
}
