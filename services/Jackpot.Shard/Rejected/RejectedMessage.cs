namespace Jackpot.Shard.Rejected;

/// <summary>A message to be kept because nobody could take it.</summary>
/// <param name="Topic">Where it came from.</param>
/// <param name="TenantId">Whose it says it is; null when it says nothing readable.</param>
/// <param name="Reason">A word: the type of the problem without its prefix, or one of <see cref="RejectedReason"/>.</param>
/// <param name="Detail">What was seen and what to do, without personal data.</param>
/// <param name="EventId">Of the event it came in, to find it in a log; may be empty.</param>
/// <param name="Body">A bet: its data. What cannot be read, and any other event: the whole event, as it came.</param>
internal sealed record RejectedMessage(string Topic, string? TenantId, string Reason, string Detail, string EventId, ReadOnlyMemory<byte> Body)
{
    public const int TopicCharsMax = 200;
    public const int TenantCharsMax = 64;
    public const int ReasonCharsMax = 100;
    public const int DetailCharsMax = 1_000;
    public const int EventIdCharsMax = 200;
}

/// <summary>Reasons that are no problem's.</summary>
internal static class RejectedReason
{
    public const string Unreadable = "unreadable";

    /// <summary>Its subscriber did not take it, however often it was tried.</summary>
    public const string TriedToTheEnd = "tried-to-the-end";
}

/// <summary>Where a kept message stands.</summary>
internal enum RejectedState
{
    Waiting,
    Retried,
    Dropped,
}
