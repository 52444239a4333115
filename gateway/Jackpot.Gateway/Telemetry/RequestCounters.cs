using System.Diagnostics.Metrics;

namespace Jackpot.Gateway.Telemetry;

/// <summary>What became of requests. A request that a shard does not answer counts as forwarded and as failed.</summary>
sealed class RequestCounters : IDisposable
{
    internal const string MeterName = "Jackpot.Gateway";

    readonly Meter _meter = new(MeterName);
    readonly Counter<long> _forwarded;
    readonly Counter<long> _refused;
    readonly Counter<long> _failed;
    readonly Counter<long> _limited;

    public RequestCounters()
    {
        _forwarded = _meter.CreateCounter<long>("gateway.requests.forwarded", description: "Requests handed to a shard");
        _refused = _meter.CreateCounter<long>("gateway.requests.refused", description: "Requests refused for their tenant or size");
        _failed = _meter.CreateCounter<long>("gateway.requests.failed", description: "Forwarded requests that got no answer from the shard");
        _limited = _meter.CreateCounter<long>("gateway.requests.limited", description: "Requests refused because their tenant was at its limit");
    }

    public void Dispose() => _meter.Dispose();

    internal void CountForwarded() => _forwarded.Add(1);

    internal void CountRefused() => _refused.Add(1);

    internal void CountFailed() => _failed.Add(1);

    internal void CountLimited(string tenant) => _limited.Add(1, new KeyValuePair<string, object?>("tenant", tenant));
}
