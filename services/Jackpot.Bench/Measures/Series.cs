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

    /// <summary>(max − min) ÷ median.</summary>
    internal double Spread => (_values.Max() - _values.Min()) / Median;

    internal string Range => string.Create(CultureInfo.InvariantCulture, $"{name} {Median:#,0}/s ({_values.Min():#,0} to {_values.Max():#,0})");
}
