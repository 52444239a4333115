namespace Jackpot.LocalDapr.PubSub;

/// <summary>Batches of messages are bounded by count and by bytes: an app takes a body of some megabytes, as daprd does.</summary>
static class BatchBounds
{
    /// <summary>Data of one batch. Dapr's limit of a message is 4 MiB unless it is set; a batch's envelope and encoding need room as well.</summary>
    public const int BytesMax = 3 << 20;

    /// <summary>In order, at most so many in each, and at most <see cref="BytesMax"/> unless one alone is larger.</summary>
    public static IEnumerable<T[]> Cut<T>(IEnumerable<T> messages, int countMax, Func<T, int> bytesOf)
    {
        var (batch, bytes) = (new List<T>(), 0L);
        foreach (var message in messages)
        {
            if (batch.Count > 0 && (batch.Count == countMax || bytes + bytesOf(message) > BytesMax))
            {
                yield return [.. batch];
                batch.Clear();
                bytes = 0;
            }
            batch.Add(message);
            bytes += bytesOf(message);
        }
        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }
}
