using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Jackpot.LocalDapr.State;

/// <summary>Reads the requests of the state API.</summary>
static class StateRequests
{
    /// <summary>One entry of a save, or the <c>request</c> of a transaction's upsert.</summary>
    public static StateOperation Upsert(JsonElement entry, StateStoreEntry store) => new(
        KeyOf(entry, store),
        entry.TryGetProperty("value", out var value) ? Encoding.UTF8.GetBytes(value.GetRawText()) : "null"u8.ToArray(),
        ETagOf(entry),
        IsFirstWrite(entry),
        TimeToLiveOf(entry));

    public static StateOperation Delete(JsonElement entry, StateStoreEntry store) => new(KeyOf(entry, store), null, ETagOf(entry), IsFirstWrite(entry));

    public static TimeSpan? TimeToLiveOf(JsonElement entry)
    {
        if (!entry.TryGetProperty("metadata", out var metadata) || metadata.ValueKind != JsonValueKind.Object || !metadata.TryGetProperty("ttlInSeconds", out var ttl))
        {
            return null;
        }
        return TimeToLive(ttl.ToString());
    }

    /// <summary>Null = for ever, which -1 and 0 mean too.</summary>
    public static TimeSpan? TimeToLive(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds >= -1
            ? seconds > 0 ? TimeSpan.FromSeconds(seconds) : null
            : throw new StateRequestException($"incorrect value for metadata 'ttlInSeconds': '{text}'");

    /// <summary>The key in the store, with the prefix of the app.</summary>
    public static string FullKey(string key, StateStoreEntry store) =>
        key.Length == 0 ? throw new StateRequestException("the key of an entry is empty")
        : key.Contains('\0', StringComparison.Ordinal) ? throw new StateRequestException("the key of an entry holds NUL")
        : StateStoreEntry.IsRefusedKey(key) ? throw new StateRequestException($"input key/keyPrefix '{key}' can't contain '||'")
        : store.FullKey(key);

    static string KeyOf(JsonElement entry, StateStoreEntry store) =>
        FullKey(entry.TryGetProperty("key", out var written) && written.ValueKind == JsonValueKind.String ? written.GetString()! : "", store);

    static string? ETagOf(JsonElement entry) =>
        entry.TryGetProperty("etag", out var etag) && etag.ValueKind == JsonValueKind.String && etag.GetString() is { Length: > 0 } text ? text : null;

    static bool IsFirstWrite(JsonElement entry) =>
        entry.TryGetProperty("options", out var options) && options.ValueKind == JsonValueKind.Object
        && options.TryGetProperty("concurrency", out var concurrency) && concurrency.GetString() is "first-write";
}

/// <summary>The request cannot be understood: 400.</summary>
sealed class StateRequestException(string message) : Exception(message);
