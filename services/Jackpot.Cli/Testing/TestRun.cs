using System.Collections.Concurrent;
using System.Diagnostics;

namespace Jackpot.Cli.Testing;

/// <summary>Runs all projects and says what comes of it.</summary>
/// <remarks>
/// One after the other, because two cores are what they may count on: beside whole clusters every deadline of another test is a matter of luck. Those
/// that start clusters come last, for they take longest.
/// </remarks>
sealed class TestRun(IReadOnlyList<TestProject> projects, TestOptions options)
{
    const int SlowestShown = 10;

    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly ConcurrentQueue<ProjectRun> _runs = new();

    internal int Passed => _runs.Sum(run => run.Passed);
    internal int Failed => _runs.Sum(run => run.Failed);
    internal int Skipped => _runs.Sum(run => run.Skips.Count);

    internal async Task RunAsync(CancellationToken stop)
    {
        await using var view = ProgressView.Start(Progress);
        foreach (var project in projects.OrderBy(project => project.StartsClusters))
        {
            var run = new ProjectRun(project.Name);
            _runs.Enqueue(run);
            await project.RunAsync(run, options, failure => view.Write($"FAILED {failure.Test}\n{Indented(failure.Text)}"), stop);
            view.Write($"  {run.Name,-32} {run.Passed,5} passed {run.Failed,4} failed {run.Skips.Count,4} skipped {run.Elapsed.TotalSeconds,7:0.0} s");
        }
    }

    string Progress()
    {
        var underWay = _runs.Where(run => run.IsUnderWay).Select(run =>
        {
            lock (run)
            {
                return $"{run.Name} {run.CasesDone}/{run.Cases}";
            }
        });
        return $"  {ProgressView.Clock(_clock.Elapsed)}  {Passed} passed, {Failed} failed, {Skipped} skipped; now {string.Join(", ", underWay)}";
    }

    /// <summary>Why tests were skipped, the slowest ones, and the line that says it all.</summary>
    internal void Summarise()
    {
        foreach (var reason in _runs.SelectMany(run => run.Skips).GroupBy(skip => skip.Reason).OrderByDescending(group => group.Count()))
        {
            Console.WriteLine($"Skipped {reason.Count()}: {reason.Key}");
        }
        Console.WriteLine($"The slowest tests (all together took {ProgressView.Clock(_clock.Elapsed)}):");
        foreach (var (duration, test) in _runs.SelectMany(run => run.Durations).OrderByDescending(test => test.Duration).Take(SlowestShown))
        {
            Console.WriteLine($"  {duration.TotalSeconds,6:0.0} s  {test}");
        }
        Console.WriteLine($"{Passed} passed, {Failed} failed, {Skipped} skipped");
    }

    static string Indented(string text) => "    " + text.Replace("\n", "\n    ", StringComparison.Ordinal);
}
