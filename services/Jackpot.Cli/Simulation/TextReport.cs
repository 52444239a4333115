using System.Globalization;
using System.Text;
using Jackpot.Core.Amounts;

namespace Jackpot.Cli.Simulation;

/// <summary>The figures for people.</summary>
static class TextReport
{
    const int BarMax = 40;
    const double MicrosPerUnit = 1_000_000;
    const double MinutesPerHour = 60;

    internal static string Of(JackpotSheet sheet)
    {
        var text = new StringBuilder();
        text.AppendLine(Invariant($"{sheet.Config.Name} ({sheet.Config.Id}), amounts in {sheet.Config.Currency}"));
        text.AppendLine(Invariant($"{sheet.Options.Bets:N0} bets in {sheet.Options.Runs} runs, seed {sheet.Options.Seed}"));
        text.AppendLine(Invariant($"bets of {Sizes(sheet.Options)}, on average {sheet.Options.StakeMicrosMean / MicrosPerUnit:0.00####}; {sheet.Options.Traffic.BetsPerHour:N0} an hour"));
        foreach (var pool in sheet.Pools)
        {
            text.AppendLine().AppendLine(Invariant($"{pool.Pool.Id}: {PoolSheet.TriggerWord(pool.Pool.Trigger)}, {pool.DropCount:N0} drops"));
            AppendFigures(text, pool.Figures);
            AppendHistogram(text, pool);
        }

        text.AppendLine().AppendLine("all tiers");
        AppendFigures(text, sheet.Figures);
        return text.ToString();
    }

    static string Sizes(SimulateOptions options)
    {
        var weights = options.Traffic.Sizes.Sum(size => (double)size.Weight);
        return string.Join(", ", options.Traffic.Sizes.Select(size => Invariant($"{AmountText.Format(size.StakeMicros)} ({size.Weight / weights:0.#%})")));
    }

    static void AppendFigures(StringBuilder text, IEnumerable<Figure> figures)
    {
        foreach (var figure in figures.Select(Readable))
        {
            var note = figure.Note is null ? "" : $"  {figure.Note}";
            text.AppendLine(Invariant($"  {figure.Label,-28} {Value(figure),18}  {How(figure),-24}{note}").TrimEnd());
        }
    }

    // A time under an hour reads better in minutes, its error with it.
    static Figure Readable(Figure figure) => figure is { Unit: Unit.Hours, Value: < 1 }
        ? figure with { Unit = Unit.Minutes, Value = figure.Value * MinutesPerHour, StandardError = figure.StandardError * MinutesPerHour }
        : figure;

    static string Value(Figure figure) => figure.Value is not { } value ? "-" : figure.Unit switch
    {
        Unit.StakeShare => Invariant($"{value * 100:0.0000} %"),
        Unit.Probability => Invariant($"{value * 100:0.00} %"),
        Unit.Amount => Invariant($"{value:N2}"),
        Unit.Hours => Invariant($"{value:N2} h"),
        Unit.Minutes => Invariant($"{value:N2} min"),
        _ => throw new InvalidOperationException($"Unit {figure.Unit} has no form."),
    };

    static string How(Figure figure) => figure switch
    {
        { How: Simulation.How.Exact } => "exact",
        { How: Simulation.How.None } => "none",
        { StandardError: { } error } => $"simulated, +/- {Value(figure with { Value = error }).Split(' ')[0]}",
        _ => "simulated",
    };

    static void AppendHistogram(StringBuilder text, PoolSheet pool)
    {
        if (pool.Histogram.Count == 0)
        {
            return;
        }

        text.AppendLine("  sizes of drops");
        var most = pool.Histogram.Max(step => step.Count);
        foreach (var step in pool.Histogram)
        {
            // Awards are whole minor units, so the bounds are told in them.
            var minor = pool.Currency.MinorUnitMicros;
            var (from, to) = ((step.FromMicros + minor - 1) / minor * minor, step.ToMicros / minor * minor);
            text.AppendLine(Invariant($"  {from / MicrosPerUnit,14:N2} to {to / MicrosPerUnit,14:N2} {step.Count,10:N0}  {new string('#', (int)((long)step.Count * BarMax / Math.Max(most, 1)))}").TrimEnd());
        }
    }

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
