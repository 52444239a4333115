using System.Diagnostics;
using System.Globalization;
using Jackpot.Bench.Load;
using Jackpot.LocalProcesses;

namespace Jackpot.Bench.Stages;

/// <summary>P19: how long a client that keeps asking waits for the first accepted bet after kill -9.</summary>
static class RestartStage
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(5);

    internal static async Task RunAsync(BenchRun run)
    {
        await MeasureAsync(run, "P19", "shard-eu-mt-1");
        await MeasureAsync(run, "P19b", "postgres");
    }

    static async Task MeasureAsync(BenchRun run, string id, string process)
    {
        var seconds = new List<double>();
        for (var round = 0; round < run.Options.Rounds; round++)
        {
            UnixSignal.Send(run.Bed.ProcessId(process), UnixSignal.Kill);
            if (await FirstAcceptedAsync(run) is not { } elapsed)
            {
                run.Report.NotMeasured(id, $"nothing was accepted within {Deadline.TotalSeconds} s after the kill");
                return;
            }
            seconds.Add(elapsed.TotalSeconds);
        }
        seconds.Sort();
        run.Report.Add(id, seconds[seconds.Count / 2], null, string.Create(CultureInfo.InvariantCulture, $"{seconds[0]:0.00} to {seconds[^1]:0.00} s in {seconds.Count} kills"));
    }

    static async Task<TimeSpan?> FirstAcceptedAsync(BenchRun run)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Deadline)
        {
            try
            {
                // One bet at a time; what stays open is counted for the money check like any other.
                var result = await Task.Run(() => run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), TimeSpan.FromMilliseconds(20), connections: 1)).WaitAsync(AttemptTimeout);
                if (result.Accepted > 0)
                {
                    return clock.Elapsed;
                }
            }
            catch (Exception down) when (down is System.Net.Sockets.SocketException or TimeoutException)
            {
                await Task.Delay(20);
            }
        }
        return null;
    }
}
