namespace Jackpot.Cli.Simulation;

/// <summary>How a figure came about.</summary>
enum How
{
    /// <summary>A closed form: exact but for one bet's contribution.</summary>
    Exact,

    /// <summary>Counted in the simulation.</summary>
    Simulated,

    /// <summary>There is none; the note says why.</summary>
    None,
}

/// <summary>In what a figure is told.</summary>
enum Unit
{
    /// <summary>A part of the stakes.</summary>
    StakeShare,

    /// <summary>A part of the drops or of the runs.</summary>
    Probability,

    /// <summary>Main units of the jackpot's currency.</summary>
    Amount,

    Hours,

    /// <summary>For people only; data has hours.</summary>
    Minutes,
}

/// <summary>One line of the report.</summary>
/// <param name="Name">For machines.</param>
/// <param name="Label">For people.</param>
/// <param name="Unit">In what it is told.</param>
/// <param name="How">How it came about.</param>
/// <param name="Value">Null when there is none.</param>
/// <param name="StandardError">Of a simulated figure, when it can be told.</param>
/// <param name="Note">What else must be known.</param>
sealed record Figure(string Name, string Label, Unit Unit, How How, double? Value, double? StandardError = null, string? Note = null)
{
    internal static Figure Exact(string name, string label, Unit unit, double value, string? note = null) => new(name, label, unit, How.Exact, value, null, note);

    internal static Figure Simulated(string name, string label, Unit unit, Estimate? estimate, string? note = null) => estimate is { } known
        ? new(name, label, unit, How.Simulated, known.Value, double.IsNaN(known.StandardError) ? null : known.StandardError, note)
        : Without(name, label, unit, "it did not drop; simulate more bets");

    internal static Figure Without(string name, string label, Unit unit, string why) => new(name, label, unit, How.None, null, null, why);
}
