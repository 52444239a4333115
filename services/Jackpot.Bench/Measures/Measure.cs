namespace Jackpot.Bench.Measures;

/// <summary>What TARGETS asks of one measure. The name is for programs, the title for people. Targets are written so that larger is better, except where <see cref="LowerIsBetter"/>.</summary>
sealed record Target(string Id, string Name, string Title, string Unit, string? Baseline, double Pass, double Stretch, bool LowerIsBetter = false);

/// <summary>One line of the result.</summary>
/// <param name="Value">What is compared with the target: a ratio where there is a baseline.</param>
/// <param name="PerSecond">Median rate, where the measure is one.</param>
/// <param name="Detail">Minimum and maximum, parts, or why it was not measured.</param>
sealed record Measure(Target Target, double? Value, double? PerSecond, string Detail)
{
    internal bool? Passes => Value is { } value ? Reaches(value, Target.Pass) : null;

    internal bool? Stretches => Value is { } value ? Reaches(value, Target.Stretch) : null;

    bool Reaches(double value, double goal) => Target.LowerIsBetter ? value <= goal : value >= goal;
}
