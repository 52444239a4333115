using System.Diagnostics.Metrics;

namespace Jackpot.Gateway.Streams;

/// <summary>What became of the events of the bet stream.</summary>
sealed class StreamCounters : IDisposable
{
    internal const string MeterName = "Jackpot.Gateway.Streams";
    internal const string Taken = "taken";
    internal const string Waiting = "waiting";
    internal const string NotTaken = "retried";
    internal const string Refused = "refused";
    internal const string Dropped = "dropped";
    internal const string Ignored = "ignored";
    internal const string Canary = "canary";

    readonly Meter _meter = new(MeterName);
    readonly Counter<long> _events;

    public StreamCounters() => _events = _meter.CreateCounter<long>(
        "gateway.stream.events", description: "Events off the bet stream, by outcome: taken, waiting, retried, refused, dropped, ignored, canary");

    public void Dispose() => _meter.Dispose();

    internal void Count(IEnumerable<RoutedEvent> events)
    {
        foreach (var (outcome, count) in events.CountBy(one => one.Outcome))
        {
            _events.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
