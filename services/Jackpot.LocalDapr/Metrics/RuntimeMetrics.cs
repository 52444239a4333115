using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Jackpot.LocalDapr.Metrics;

/// <summary>How often and how long the paths that matter were taken, under the names that daprd uses where it has them.</summary>
sealed class RuntimeMetrics : IDisposable
{
    public const string MeterName = "Jackpot.LocalDapr";

    static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] };

    readonly Meter _meter = new(MeterName);
    readonly ConcurrentDictionary<string, Histogram<double>> _durations = new();

    /// <param name="name">The path, for example <c>dapr_runtime_actor_invoke</c>.</param>
    /// <param name="appId">Whose sidecar took it.</param>
    /// <param name="label">The actor's type, the topic or the workflow's name.</param>
    public Series Of(string name, string appId, string label) =>
        new(_durations.GetOrAdd(name, Create, _meter), appId, label);

    public void Dispose() => _meter.Dispose();

    static Histogram<double> Create(string name, Meter meter) => meter.CreateHistogram(name, "s", $"Time that {name} took", advice: Seconds);

    internal readonly record struct Series(Histogram<double> Duration, string AppId, string Label)
    {
        public void Add(long startedAt, bool succeeded) => Duration.Record(
            Stopwatch.GetElapsedTime(startedAt).TotalSeconds, new("app_id", AppId), new("name", Label), new("success", succeeded ? "true" : "false"));
    }
}
