using System.Diagnostics;
using Jackpot.Dapr.Conformance.App;

namespace Jackpot.Dapr.Conformance.Running;

/// <summary>Starts the application, waits for the sidecar, proves the cases group by group and prints what came out.</summary>
static class ConformanceRun
{
    static readonly TimeSpan CaseTimeMax = TimeSpan.FromSeconds(60);
    static readonly TimeSpan SidecarTimeMax = TimeSpan.FromSeconds(90);

    public static async Task<int> RunAsync(ConformanceOptions options, List<ConformanceCase> cases)
    {
        var clock = Stopwatch.StartNew();
        await using var app = await TestApplication.StartAsync(options);
        await using var bench = new Bench(options, app);
        try
        {
            await bench.ConnectAsync(SidecarTimeMax);
        }
        catch (ConformanceFailure failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 2;
        }

        var tally = new Tally();
        await ProveAllAsync(cases.Where(found => !found.Alone), options.Parallel, bench, tally);
        await ProveAllAsync(cases.Where(found => found.Alone), 1, bench, tally);
        tally.PrintSummary(bench.Sidecar, clock.Elapsed);
        return tally.Failed == 0 ? 0 : 1;
    }

    /// <summary>Cases that must keep their order are one piece of work, all others are one each.</summary>
    static async Task ProveAllAsync(IEnumerable<ConformanceCase> cases, int atOnce, Bench bench, Tally tally) =>
        await Parallel.ForEachAsync(
            cases.GroupBy(found => found.InOrder ? found.Group : found.ToString()),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (piece, _) =>
            {
                foreach (var found in piece)
                {
                    tally.Add(found, await ProveAsync(found, bench));
                }
            });

    static async Task<Verdict> ProveAsync(ConformanceCase found, Bench bench)
    {
        if (found.NeedsFaults && bench.Options.AdminPort is null)
        {
            return Verdict.Skipped("needs fault switches (--admin-port)");
        }

        var clock = Stopwatch.StartNew();
        try
        {
            await found.Prove(bench).WaitAsync(CaseTimeMax);
            return Verdict.Passed(clock.Elapsed);
        }
        catch (SkipCase skip)
        {
            return Verdict.Skipped(skip.Message);
        }
#pragma warning disable CA1031 // The edge of a case: every way to fail is printed and counted.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Verdict.Failed(clock.Elapsed, failure is ConformanceFailure ? failure.Message : $"{failure.GetType().Name}: {failure.Message}");
        }
    }
}
