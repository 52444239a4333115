namespace Jackpot.Dapr.Client;

/// <summary>What a write does when somebody else wrote in between.</summary>
public enum ConcurrencyMode
{
    /// <summary>The write fails; without an etag it only inserts.</summary>
    FirstWrite,

    /// <summary>The write wins.</summary>
    LastWrite,
}

/// <summary>What a read may see.</summary>
public enum ConsistencyMode
{
    /// <summary>Possibly an older value.</summary>
    Eventual,

    /// <summary>The newest value.</summary>
    Strong,
}

/// <summary>Options of one state operation; null leaves the store's default.</summary>
public sealed record StateOptions
{
    /// <summary>What a read may see.</summary>
    public ConsistencyMode? Consistency { get; init; }

    /// <summary>What happens on a concurrent write.</summary>
    public ConcurrencyMode? Concurrency { get; init; }
}

/// <summary>One value of a bulk read. A missing key has no value and an empty etag.</summary>
public sealed record BulkStateItem<TValue>(string Key, TValue? Value, string ETag);

/// <summary>One value of a bulk write.</summary>
public sealed record SaveStateItem<TValue>(string Key, TValue Value, string? ETag = null, StateOptions? StateOptions = null, IReadOnlyDictionary<string, string>? Metadata = null);

/// <summary>One key of a bulk delete.</summary>
public sealed record BulkDeleteStateItem(string Key, string ETag, StateOptions? StateOptions = null);

/// <summary>What a transaction does with a key.</summary>
public enum StateOperationType
{
    /// <summary>Writes the value.</summary>
    Upsert,

    /// <summary>Removes the key.</summary>
    Delete,
}

/// <summary>One operation of a state transaction.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">JSON text as UTF-8; null for a delete.</param>
/// <param name="OperationType">Upsert or delete.</param>
/// <param name="ETag">When given, the whole transaction fails if the key has another one.</param>
/// <param name="Metadata">For instance <c>ttlInSeconds</c>.</param>
/// <param name="Options">Concurrency and consistency.</param>
public sealed record StateTransactionRequest(
    string Key,
    byte[]? Value,
    StateOperationType OperationType,
    string? ETag = null,
    IReadOnlyDictionary<string, string>? Metadata = null,
    StateOptions? Options = null);
