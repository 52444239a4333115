using System.Diagnostics;
using System.Globalization;
using Jackpot.Bench.Bed;
using Jackpot.LocalProcesses;

namespace Jackpot.Bench.Stages;

/// <summary>P19: how long a client that keeps asking waits for the first bet that the process started anew accepts, after kill -9 under load.</summary>
static class RestartStage
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    internal static async Task RunAsync(BenchRun run)
    {
        await MeasureAsync(run, "P19", "shard-eu-mt-1");
        await MeasureAsync(run, "P19b", "postgres-eu-mt");
    }

    static async Task MeasureAsync(BenchRun run, string id, string process)
    {
        var seconds = new List<double>();
        for (var round = 0; round < run.Options.Rounds; round++)
        {
            // So that PostgreSQL has a log to recover from, as it would have at any moment of a day.
            run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.ShortTime);
            var killed = run.Bed.ProcessId(process);
            UnixSignal.Send(killed, UnixSignal.Kill);
            if (await FirstAcceptedAsync(run, process, killed) is not { } elapsed)
            {
                run.Report.NotMeasured(id, $"nothing was accepted within {Deadline.TotalSeconds} s after the kill");
                return;
            }
            BenchRun.Say($"{id}: {elapsed.TotalSeconds:0.00} s");
            seconds.Add(elapsed.TotalSeconds);
            await run.Money.RequireAsync($"kill -9 of {process}");
        }
        seconds.Sort();
        run.Report.Add(id, seconds[seconds.Count / 2], null, string.Create(CultureInfo.InvariantCulture, $"{seconds[0]:0.00} to {seconds[^1]:0.00} s in {seconds.Count} kills"));
    }

    static async Task<TimeSpan?> FirstAcceptedAsync(BenchRun run, string process, int killed)
    {
        using var bets = new SingleBets(run.Bed.Shard, run.Money, AttemptTimeout);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Deadline)
        {
            // A server process of PostgreSQL that has not noticed yet that its parent is gone still accepts: that is not the one waited for.
            var isAnew = run.Bed.ProcessId(process) is var pid && pid != 0 && pid != killed;
            if (await bets.TryAsync(BenchJackpots.PoolField(BenchRun.Hot)) && isAnew)
            {
                return clock.Elapsed;
            }
            await Task.Delay(Pause);
        }
        return null;
    }
}
