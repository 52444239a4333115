using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Jackpot.LocalDapr.Metrics;

/// <summary>Counters of the paths that matter, under the names that daprd uses where it has them. Reading them costs; counting costs an increment.</summary>
sealed class RuntimeMetrics
{
    readonly ConcurrentDictionary<(string Name, string App, string Label), Series> _series = new();

    public Series Of(string name, string appId, string label) => _series.GetOrAdd((name, appId, label), static _ => new Series());

    /// <summary>Prometheus text.</summary>
    public string Render()
    {
        var text = new StringBuilder();
        foreach (var ((name, app, label), series) in _series.OrderBy(entry => entry.Key))
        {
            var labels = $"{{app_id=\"{Escape(app)}\",name=\"{Escape(label)}\"}}";
            text.Append(CultureInfo.InvariantCulture, $"{name}_count{labels} {series.Count}\n");
            text.Append(CultureInfo.InvariantCulture, $"{name}_failed{labels} {series.Failed}\n");
            text.Append(CultureInfo.InvariantCulture, $"{name}_milliseconds_sum{labels} {series.Elapsed.TotalMilliseconds:F3}\n");
        }
        return text.ToString();
    }

    static string Escape(string label) => label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    /// <summary>How often, how often in vain, and how long in all.</summary>
    internal sealed class Series
    {
        long _count;
        long _failed;
        long _ticks;

        public long Count => Volatile.Read(ref _count);

        public long Failed => Volatile.Read(ref _failed);

        public TimeSpan Elapsed => TimeSpan.FromSeconds(Volatile.Read(ref _ticks) / (double)Stopwatch.Frequency);

        public void Add(long startedAt, bool succeeded)
        {
            Interlocked.Increment(ref _count);
            Interlocked.Add(ref _ticks, Stopwatch.GetTimestamp() - startedAt);
            if (!succeeded)
            {
                Interlocked.Increment(ref _failed);
            }
        }
    }
}
