namespace Jackpot.Gateway.Routing;

/// <summary>Counts since start, for /metrics.</summary>
sealed class RequestCounters
{
    long _forwarded;
    long _refused;
    long _failed;

    internal void CountForwarded() => Interlocked.Increment(ref _forwarded);

    internal void CountRefused() => Interlocked.Increment(ref _refused);

    internal void CountFailed() => Interlocked.Increment(ref _failed);

    internal string ToPrometheusText() => $"""
        # HELP gateway_requests_forwarded_total Requests handed to a shard since start.
        # TYPE gateway_requests_forwarded_total counter
        gateway_requests_forwarded_total {Interlocked.Read(ref _forwarded)}
        # HELP gateway_requests_refused_total Requests refused for their tenant or size since start.
        # TYPE gateway_requests_refused_total counter
        gateway_requests_refused_total {Interlocked.Read(ref _refused)}
        # HELP gateway_requests_failed_total Forwarded requests that got no answer from the shard since start.
        # TYPE gateway_requests_failed_total counter
        gateway_requests_failed_total {Interlocked.Read(ref _failed)}

        """;
}
