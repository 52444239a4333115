using System.Diagnostics;
using Jackpot.Cli.Cluster;
using Jackpot.Cli.Supervision;
using Jackpot.LocalProcesses;

namespace Jackpot.Cli.Down;

/// <summary>Stops exactly the processes that cluster.json names, each told by pid and start time, never by name.</summary>
static class ClusterStop
{
    static readonly TimeSpan SupervisorDeadline = TimeSpan.FromSeconds(60);
    static readonly TimeSpan ProcessDeadline = TimeSpan.FromSeconds(20);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The supervisor stops its processes itself; what outlives it (or had lost it) is stopped here. Answers how many ran.</summary>
    internal static async Task<int> StopAsync(RunFolder run, ClusterState? state)
    {
        if (state is null)
        {
            return 0;
        }
        var running = state.Processes.Count(process => process.Identity?.IsAlive == true);
        state.Supervisor.Send(UnixSignal.Terminate);
        await GoneAsync([state.Supervisor], SupervisorDeadline);

        var last = ClusterState.Read(run.StateFile) ?? state;
        foreach (var stage in last.Processes.GroupBy(process => process.Stage).OrderByDescending(stage => stage.Key))
        {
            var left = stage.Select(process => process.Identity).OfType<ProcessIdentity>().Where(identity => identity.IsAlive).ToArray();
            foreach (var identity in left)
            {
                identity.Send(stage.Key == 0 ? UnixSignal.Interrupt : UnixSignal.Terminate);
            }
            await GoneAsync(left, ProcessDeadline);
        }
        File.Delete(run.StateFile);
        return running;
    }

    static async Task GoneAsync(ProcessIdentity[] processes, TimeSpan deadline)
    {
        var clock = Stopwatch.StartNew();
        while (processes.Any(process => process.IsAlive))
        {
            if (clock.Elapsed > deadline)
            {
                foreach (var process in processes)
                {
                    process.Send(UnixSignal.Kill);
                }
            }
            await Task.Delay(PollInterval);
        }
    }
}
