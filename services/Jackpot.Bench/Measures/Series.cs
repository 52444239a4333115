using System.Globalization;

namespace Jackpot.Bench.Measures;

/// <summary>The runs of one thing in one bench: median, minimum, maximum.</summary>
sealed class Series(string name)
{
    readonly List<double> _values = [];

    internal string Name => name;

    internal void Add(double value) => _values.Add(value);

    internal bool IsEmpty => _values.Count == 0;

    internal double Median => _values.Order().ElementAt(_values.Count / 2);

    internal double Min => _values.Min();

    internal double Max => _values.Max();

    /// <summary>(max − min) ÷ median.</summary>
    internal double Spread => (Max - Min) / Median;

    /// <summary>Last ÷ first: far from 1 when the first run still paid for something.</summary>
    internal double Drift => _values[^1] / _values[0];

    internal string Range => string.Create(CultureInfo.InvariantCulture, $"{name} {Median:#,0}/s ({Min:#,0} to {Max:#,0})");
}
