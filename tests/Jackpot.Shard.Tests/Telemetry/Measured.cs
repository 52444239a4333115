using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Jackpot.Ledger.Telemetry;

namespace Jackpot.Shard.Tests.Telemetry;

/// <summary>What one shard's instruments have said since this was made, whatever other tests measure at the same time.</summary>
internal sealed class Measured : IDisposable
{
    readonly MeterListener _listener = new();
    readonly ConcurrentDictionary<string, double> _values = new(StringComparer.Ordinal);

    public Measured(ShardMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == metrics.Meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The sum of a counter or the value of a gauge, by its name and, behind a space, the value of its tag.</summary>
    public double Of(string name)
    {
        _listener.RecordObservableInstruments();
        return _values.GetValueOrDefault(name);
    }

    void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
        _values.AddOrUpdate(name, value, (_, before) => instrument.IsObservable ? value : before + value);
    }

    public void Dispose() => _listener.Dispose();
}
