namespace Jackpot.Dapr.Client;

/// <summary>One event of a bulk publish.</summary>
/// <param name="EntryId">Unique within the call.</param>
/// <param name="Event">The payload.</param>
/// <param name="ContentType">Of the payload.</param>
public sealed record BulkPublishEntry<TValue>(string EntryId, TValue Event, string ContentType);

/// <summary>An event that was not published, and why.</summary>
public sealed record BulkPublishResponseFailedEntry<TValue>(BulkPublishEntry<TValue> Entry, string ErrorMessage);

/// <summary>What of a bulk publish failed; empty when everything was published.</summary>
public sealed record BulkPublishResponse<TValue>(IReadOnlyList<BulkPublishResponseFailedEntry<TValue>> FailedEntries);
