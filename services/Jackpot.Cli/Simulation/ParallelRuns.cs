using System.Diagnostics;
using Jackpot.Core.Pools;
using Jackpot.Core.Simulation;
using Spectre.Console;

namespace Jackpot.Cli.Simulation;

/// <summary>Plays the runs on all cores. Each has its own bits, so the figures do not depend on how many cores there are.</summary>
sealed class ParallelRuns(JackpotConfig config, SimulateOptions options)
{
    static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    long _done;

    /// <summary>The reports in the order of the runs, and how long they took.</summary>
    internal async Task<(SimulationReport[] Reports, TimeSpan Duration)> PlayAsync(CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var reports = new SimulationReport[options.Runs];
        var playing = Task.Run(() => Parallel.For(0, options.Runs, new ParallelOptions { CancellationToken = stop }, run => reports[run] = Play(run, stop)), CancellationToken.None);
        await ShowAsync(playing);
        await playing;
        return (reports, clock.Elapsed);
    }

    /// <summary>The first runs take one bet more when the bets cannot be shared out equally.</summary>
    SimulationPlan Plan(int run)
    {
        var (bets, more) = Math.DivRem(options.Bets, options.Runs);
        return new SimulationPlan(config, options.Traffic, bets + (run < more ? 1 : 0))
        {
            BetsPerCall = (int)Math.Min((long)options.Traffic.BetsPerHour * options.HoursPerCall, int.MaxValue),
        };
    }

    SimulationReport Play(int run, CancellationToken stop)
    {
        long told = 0;
        return Simulator.Run(Plan(run), new SeededBits(options.Seed, run).Next, done =>
        {
            stop.ThrowIfCancellationRequested();
            Interlocked.Add(ref _done, done - told);
            told = done;
        });
    }

    // On standard error and only on a terminal, so that what is piped on holds figures alone.
    async Task ShowAsync(Task playing)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (Console.IsErrorRedirected || !console.Profile.Capabilities.Interactive)
        {
            return;
        }

        await console.Progress().HideCompleted(true).StartAsync(async progress =>
        {
            var bets = progress.AddTask("bets", maxValue: options.Bets);
            while (await Task.WhenAny(playing, Task.Delay(Refresh, CancellationToken.None)) != playing)
            {
                bets.Value = Interlocked.Read(ref _done);
            }
        });
    }
}
