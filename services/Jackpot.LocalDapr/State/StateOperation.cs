namespace Jackpot.LocalDapr.State;

sealed record StateItem(byte[] Value, string ETag, DateTimeOffset? ExpiresAt);

/// <summary>An upsert (with a value) or a delete (without).</summary>
/// <param name="Key">Full key.</param>
/// <param name="Value">JSON text or bytes as they came; null = delete.</param>
/// <param name="ETag">Only if the stored etag is this one.</param>
/// <param name="FirstWrite">Without an etag: only if there is nothing yet.</param>
/// <param name="TimeToLive">Null = for ever.</param>
sealed record StateOperation(string Key, byte[]? Value, string? ETag = null, bool FirstWrite = false, TimeSpan? TimeToLive = null);

enum StateConflict
{
    /// <summary>The stored etag is another one: 409.</summary>
    ETagMismatch,

    /// <summary>The text cannot be an etag of this store: 400.</summary>
    ETagInvalid,

    /// <summary>First-write without etag met an existing key: 500.</summary>
    AlreadyThere,
}

sealed class StateConflictException(StateConflict conflict, string key) : Exception(Describe(conflict, key))
{
    public StateConflict Conflict => conflict;

    static string Describe(StateConflict conflict, string key) => conflict switch
    {
        StateConflict.ETagMismatch => "possible etag mismatch. error from state store: state store: the etag of '" + key + "' is another one",
        StateConflict.ETagInvalid => "invalid etag value for '" + key + "'",
        _ => "failed to insert '" + key + "': the key exists",
    };
}
