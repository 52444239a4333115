using System.Diagnostics.Metrics;

namespace Jackpot.Gateway.Streams;

/// <summary>What became of the events of the bet stream.</summary>
sealed class StreamCounters : IDisposable
{
    internal const string MeterName = "Jackpot.Gateway.Streams";
    internal const string Taken = "taken";
    internal const string Waiting = "waiting";
    internal const string GoesRound = "round";
    internal const string NotTaken = "retried";
    internal const string Refused = "refused";
    internal const string Dropped = "dropped";
    internal const string Ignored = "ignored";
    internal const string Canary = "canary";

    readonly Meter _meter = new(MeterName);
    readonly Counter<long> _events;

    public StreamCounters() => _events = _meter.CreateCounter<long>(
        "gateway.stream.events", description: "Events off the bet stream, by outcome: taken, waiting, round, retried, refused, dropped, ignored, canary");

    /// <summary>Shows of each shard whether what it does not take waits on its topic.</summary>
    internal void Watch(IReadOnlyCollection<ShardRoad> roads) => _meter.CreateObservableGauge(
        "gateway.stream.waiting.topic", description: "1 when a shard's waiting topic has been seen to work since this gateway started; at 0 what the shard does not take goes to the end of the stream, where others wait behind it",
        observeValues: () => roads.Select(road => new Measurement<int>(road.HasWaitingTopic ? 1 : 0, new KeyValuePair<string, object?>("shard", road.Shard))));

    public void Dispose() => _meter.Dispose();

    internal void Count(IEnumerable<RoutedEvent> events)
    {
        foreach (var (outcome, count) in events.CountBy(one => one.Outcome))
        {
            _events.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
