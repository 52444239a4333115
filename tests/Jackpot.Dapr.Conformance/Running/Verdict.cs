using System.Globalization;

namespace Jackpot.Dapr.Conformance.Running;

enum Outcome
{
    Pass,
    Fail,
    Skip,
}

/// <summary>What became of a case.</summary>
sealed record Verdict(Outcome Outcome, TimeSpan Took, string? Reason)
{
    public static Verdict Passed(TimeSpan took) => new(Outcome.Pass, took, null);

    public static Verdict Failed(TimeSpan took, string reason) => new(Outcome.Fail, took, reason);

    public static Verdict Skipped(string reason) => new(Outcome.Skip, TimeSpan.Zero, reason);
}

/// <summary>Prints each verdict when it comes and keeps the count.</summary>
sealed class Tally
{
    readonly Lock _lock = new();
    readonly List<(ConformanceCase Case, Verdict Verdict)> _all = [];

    public int Failed => Count(Outcome.Fail);

    public void Add(ConformanceCase found, Verdict verdict)
    {
        lock (_lock)
        {
            _all.Add((found, verdict));
            var word = verdict.Outcome switch { Outcome.Pass => "pass", Outcome.Fail => "FAIL", _ => "skip" };
            var reason = verdict.Reason is null ? "" : $"\n       {verdict.Reason.ReplaceLineEndings("\n       ")}";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{word} {found} ({verdict.Took.TotalMilliseconds:F0} ms){reason}"));
        }
    }

    public void PrintSummary(string sidecar, TimeSpan took)
    {
        Console.WriteLine();
        foreach (var group in _all.GroupBy(item => item.Case.Group).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"{group.Key,-34} {Of(group, Outcome.Pass),4} passed {Of(group, Outcome.Fail),4} failed {Of(group, Outcome.Skip),4} skipped");
        }

        Console.WriteLine();
        foreach (var (failed, _) in _all.Where(item => item.Verdict.Outcome == Outcome.Fail))
        {
            Console.WriteLine($"FAIL {failed}");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{sidecar}: {Count(Outcome.Pass)} passed, {Count(Outcome.Fail)} failed, {Count(Outcome.Skip)} skipped of {_all.Count} in {took.TotalSeconds:F1} s"));
    }

    static int Of(IEnumerable<(ConformanceCase Case, Verdict Verdict)> items, Outcome outcome) => items.Count(item => item.Verdict.Outcome == outcome);

    int Count(Outcome outcome) => Of(_all, outcome);
}
