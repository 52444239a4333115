using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Jackpot.Shard.Telemetry;

/// <summary>Writes what the SDK's reader collected as Prometheus text (version 0.0.4). Collected when asked, one scrape at a time.</summary>
internal sealed class PrometheusExporter : BaseExporter<Metric>
{
    readonly StringBuilder _text = new();
    readonly Lock _scrape = new();

    public string Scrape(MetricReader reader)
    {
        lock (_scrape)
        {
            _text.Clear();
            reader.Collect();
            return _text.ToString();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        {
            var isHistogram = metric.MetricType == MetricType.Histogram;
            _text.Append(CultureInfo.InvariantCulture, $"# HELP {metric.Name} {metric.Description}\n");
            _text.Append(CultureInfo.InvariantCulture, $"# TYPE {metric.Name} {(isHistogram ? "histogram" : metric.MetricType.IsSum() ? "counter" : "gauge")}\n");
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                WritePoint(metric, point, isHistogram);
            }
        }

        return ExportResult.Success;
    }

    void WritePoint(Metric metric, in MetricPoint point, bool isHistogram)
    {
        var labels = Labels(point.Tags);
        if (isHistogram)
        {
            WriteHistogram(metric.Name, point, labels);
            return;
        }

        var value = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
            MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
            MetricType.LongGauge => point.GetGaugeLastValueLong(),
            _ => point.GetGaugeLastValueDouble(),
        };
        Line(metric.Name, labels, value);
    }

    void WriteHistogram(string name, in MetricPoint point, string labels)
    {
        var below = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            var bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString(CultureInfo.InvariantCulture);
            Line(name + "_bucket", Join(labels, $"le=\"{bound}\""), below);
        }

        Line(name + "_sum", labels, point.GetHistogramSum());
        Line(name + "_count", labels, point.GetHistogramCount());
    }

    void Line(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    static string Labels(ReadOnlyTagCollection tags)
    {
        var labels = "";
        foreach (var tag in tags)
        {
            labels = Join(labels, $"{tag.Key}=\"{tag.Value}\"");
        }

        return labels;
    }

    static string Join(string labels, string label) => labels.Length == 0 ? label : labels + "," + label;
}
