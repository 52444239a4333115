using System.Diagnostics;
using Jackpot.LocalProcesses;

namespace Jackpot.Cli.Supervision;

/// <summary>Starts one program, starts it again whenever it ends, stops it on request. Its output goes straight into its log file.</summary>
sealed class SupervisedProcess(string name, Func<ProcessStartInfo> command, string logFile, int stopSignal, Func<int, TimeSpan?> pauseAfter, Action<SupervisedProcess> changed)
{
    const int LogBytesMax = 64 * 1024 * 1024;
    static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(20);

    internal string Name => name;
    internal string State { get; private set; } = "starting";
    internal ProcessIdentity? Identity { get; private set; }
    internal int Restarts { get; private set; }
    internal int? LastExitCode { get; private set; }

    /// <summary>Runs until <paramref name="stop"/>, or until the restart policy gives up.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        var shortRuns = 0;
        while (!stop.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            using (var process = Start())
            {
                Become("running", ProcessIdentity.Of(process.Id));
                if (!await EndedAsync(process, stop))
                {
                    await StopAsync(process);
                    break;
                }
                LastExitCode = process.ExitCode;
            }
            shortRuns = clock.Elapsed >= RestartPolicy.GoodRun ? 0 : shortRuns + 1;
            if (pauseAfter(shortRuns) is not { } pause)
            {
                Become("failed", null);
                return;
            }
            Restarts++;
            Become("restarting", null);
            await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        Become("stopped", null);
    }

    Process Start()
    {
        TrimLog();
        return Process.Start(command()) ?? throw new InvalidOperationException($"{name} could not be started.");
    }

    static async Task<bool> EndedAsync(Process process, CancellationToken stop)
    {
        try
        {
            await process.WaitForExitAsync(stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    async Task StopAsync(Process process)
    {
        Identity?.Send(stopSignal);
        using var limit = new CancellationTokenSource(StopDeadline);
        if (!await EndedAsync(process, limit.Token))
        {
            Identity?.Send(UnixSignal.Kill);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        LastExitCode = process.ExitCode;
    }

    void Become(string state, ProcessIdentity? identity)
    {
        State = state;
        Identity = identity;
        changed(this);
    }

    void TrimLog()
    {
        if (new FileInfo(logFile) is { Exists: true, Length: > LogBytesMax })
        {
            File.Move(logFile, logFile + ".1", overwrite: true);
        }
    }
}
