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

    public RequestCounters()
    {
        _forwarded = _meter.CreateCounter<long>("gateway.requests.forwarded", description: "Requests handed to a shard");
        _refused = _meter.CreateCounter<long>("gateway.requests.refused", description: "Requests refused for their tenant or size");
        _failed = _meter.CreateCounter<long>("gateway.requests.failed", description: "Forwarded requests that got no answer from the shard");
    }

    public void Dispose() => _meter.Dispose();

    internal void CountForwarded() => _forwarded.Add(1);

    internal void CountRefused() => _refused.Add(1);

    internal void CountFailed() => _failed.Add(1);
}
