using Jackpot.Cli.Cluster;

namespace Jackpot.Cli.Supervision;

/// <summary>`jackpot status`: exit code 0 when everything runs, 1 otherwise.</summary>
static class StatusCommand
{
    internal static Task<int> RunAsync(string[] args)
    {
        var arguments = Arguments.Parse(args, ["--run-dir"], []);
        var run = RunFolder.At(ClusterOptions.RunDirectoryOf(arguments, RepositoryRoot.Find()));
        var state = ClusterState.Read(run.StateFile);
        if (state is null)
        {
            Console.WriteLine("Nothing is running.");
            return Task.FromResult(ExitCodes.Failed);
        }
        Console.WriteLine($"up since {state.StartedAt:u}, supervisor {(state.Supervisor.IsAlive ? $"pid {state.Supervisor.Pid}" : "NOT RUNNING")}, logs in {run.Logs}");
        foreach (var process in state.Processes)
        {
            var alive = process.Identity?.IsAlive == true;
            Console.WriteLine($"  {process.Name,-18} {(alive ? process.State : process.State == "running" ? "gone" : process.State),-11} pid {process.Identity?.Pid,-8} restarts {process.Restarts,-3} {process.Url}");
        }
        var allRun = state.Supervisor.IsAlive && state.Processes.All(process => process.Identity?.IsAlive == true);
        return Task.FromResult(allRun ? ExitCodes.Done : ExitCodes.Failed);
    }
}
