using Jackpot.Streams.Deliveries;

namespace Jackpot.Gateway.Streams;

/// <summary>One event of a delivery, where it goes and what becomes of it.</summary>
sealed class RoutedEvent(StreamedEvent streamed)
{
    internal string EntryId => streamed.EntryId;

    internal StreamedEvent Event => streamed;

    /// <summary>The shard that takes it; null when the gateway has the last word.</summary>
    internal string? Shard { get; private set; }

    /// <summary>What the shard is handed.</summary>
    internal HandedEvent? Handed { get; private set; }

    internal EntryStatus Status { get; private set; }

    internal string Outcome { get; private set; } = StreamCounters.NotTaken;

    internal RoutedEvent To(string shard, string type, ReadOnlyMemory<byte> data)
    {
        (Shard, Handed) = (shard, new HandedEvent(streamed.Attributes.Id ?? "", type, data));
        return this;
    }

    internal RoutedEvent End(EntryStatus status, string outcome)
    {
        (Status, Outcome) = (status, outcome);
        return this;
    }
}
